/** How far back a chart looks, and with how many points. */
export const ranges = {
  '1h': { ms: 3_600_000, points: 60 },
  '6h': { ms: 21_600_000, points: 72 },
  '24h': { ms: 86_400_000, points: 96 },
  '7d': { ms: 604_800_000, points: 84 },
  '30d': { ms: 2_592_000_000, points: 90 },
  '90d': { ms: 7_776_000_000, points: 90 },
  '1y': { ms: 31_536_000_000, points: 104 },
  '2y': { ms: 63_072_000_000, points: 104 },
} as const;
export type Range = keyof typeof ranges;
export const rangeNames = Object.keys(ranges) as Range[];

export function rangeOf(asked: string | undefined): Range {
  return rangeNames.find((name) => name === asked) ?? '24h';
}
