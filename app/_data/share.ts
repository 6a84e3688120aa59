/** An availability as it may be written: cut, never rounded up, and only where enough was measured. */

const leastCoverage = 0.9;
const fullCoverage = 0.99;

/** `99.99`, `100`, or null where too little was measured to say. */
export function shareText(share: number | null, badS: number, coverage: number): string | null {
  if (share === null || coverage < leastCoverage) return null;
  if (badS === 0 && share >= 1) return coverage >= fullCoverage ? '100' : '99.99';
  const cut = Math.floor(Math.min(share, 0.9999) * 10_000) / 100;
  return cut.toFixed(2);
}

export function percentText(share: number): string {
  return String(Math.floor(share * 100));
}
