/**
 * One address or nothing. What mail programs accept beyond this (comments, groups, quoted names, several addresses,
 * folded lines) is how one address becomes two.
 */
export function parseMailAddress(text: string): string | null {
  if (text.length > 320) return null;
  const trimmed = text.replace(/^[ \t]+|[ \t]+$/g, '');
  const match =
    /^([A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)@([^\s@<>()[\]\\,;:"]{1,253})$/.exec(
      trimmed,
    );
  if (!match) return null;
  const [, local = '', domain = ''] = match;
  const host = asciiHost(domain);
  if (host === null || local.length > 64 || local.length + host.length > 253) return null;
  return `${local}@${host}`;
}

/** Names only: no literals, no single labels, international ones in their ASCII form. */
function asciiHost(domain: string): string | null {
  if (/[%/?#]/.test(domain) || !URL.canParse(`http://${domain}/`)) return null;
  const host = new URL(`http://${domain}/`).hostname;
  const labels = host.split('.');
  if (labels.length < 2 || !/^[a-z][a-z0-9-]*$/.test(labels.at(-1) ?? '')) return null;
  return labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label)) ? host : null;
}

/** The same mailbox for the purpose of limits: case and `+tag` do not make another person. */
export function mailboxOf(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at).toLowerCase().replace(/\+.*$/, '')}${address.slice(at)}`;
}
