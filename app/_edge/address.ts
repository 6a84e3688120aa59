import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

export type Trusts = (address: string) => boolean;

/** `trusted_proxies`: addresses or networks whose word about their clients is believed. */
export function trustsOf(list: string[]): Trusts {
  const networks = list.flatMap((text) => {
    try {
      return [text.includes('/') ? ipaddr.parseCIDR(text) : single(text)];
    } catch {
      return [];
    }
  });
  return (address) => {
    if (networks.length === 0) return false;
    try {
      const ip = ipaddr.process(address);
      return networks.some(([net, bits]) => net.kind() === ip.kind() && ip.match(net as never, bits));
    } catch {
      return false;
    }
  };
}

function single(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const ip = ipaddr.process(text);
  return [ip, ip.kind() === 'ipv4' ? 32 : 128];
}

/** Who is asking: the socket's other end, or what the last trusted proxy says of it. */
export function clientAddress(req: IncomingMessage, trusts: Trusts): string {
  let address = req.socket.remoteAddress ?? 'unknown';
  if (!trusts(address)) return address;
  const hops = String(req.headers['x-forwarded-for'] ?? '')
    .split(',')
    .slice(-20)
    .map((hop) => hop.trim());
  while (hops.length > 0) {
    const hop = hops.pop() as string;
    if (!ipaddr.isValid(hop)) return address;
    address = hop;
    if (!trusts(address)) return address;
  }
  return address;
}

export function isLoopback(address: string): boolean {
  try {
    return ipaddr.process(address).range() === 'loopback';
  } catch {
    return false;
  }
}
