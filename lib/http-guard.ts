import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Where a dispatcher may connect to. `null` policies do not exist: trusted addresses have a policy that allows all. */
export interface AddressPolicy {
  isAddressAllowed(address: string): boolean;
  isPortAllowed(port: number): boolean;
}

export const anyAddress: AddressPolicy = { isAddressAllowed: () => true, isPortAllowed: () => true };

// Azure's host agent answers on a public range.
const metadataAddresses = new Set(['168.63.129.16']);

/** Public unicast only. v4 inside v6, zones and every reserved range are refused; so is what does not parse. */
export function isPublicAddress(address: string): boolean {
  try {
    const parsed = ipaddr.process(address.replace(/%.*$/, ''));
    if (parsed.range() !== 'unicast' || metadataAddresses.has(parsed.toString())) return false;
    return parsed.kind() === 'ipv4' || isGlobalV6(parsed as ipaddr.IPv6);
  } catch {
    return false;
  }
}

// Only 2000::/3 is handed out; what lies outside it (v4-compatible ::127.0.0.1, 5f00::) is nobody's public host.
function isGlobalV6(address: ipaddr.IPv6): boolean {
  const first = address.parts[0] ?? 0;
  if ((first & 0xe000) !== 0x2000) return false;
  // 2001::/23 are protocol assignments, 3fff::/20 is documentation.
  const isProtocol = first === 0x2001 && ((address.parts[1] ?? 0) & 0xfe00) === 0;
  const isDocumentation = first === 0x3fff && ((address.parts[1] ?? 0) & 0xf000) === 0;
  return !isProtocol && !isDocumentation;
}

/** For addresses given by strangers: public hosts on the web's own ports. */
export const strictPolicy: AddressPolicy = {
  isAddressAllowed: isPublicAddress,
  isPortAllowed: (port) => port === 80 || port === 443,
};

/** The strict policy, and 127.0.0.1 on any port: for tests, whose receivers listen on loopback. */
export const loopbackPolicy: AddressPolicy = {
  isAddressAllowed: (address) => address === '127.0.0.1' || isPublicAddress(address),
  isPortAllowed: () => true,
};

/** The address a URL's host spells, in any of the ways the URL parser has already made canonical; null for a name. */
export function literalAddress(hostname: string): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) ? bare : null;
}
