/** What a benchmark prints, one line each. */
export interface Figure {
  figure: string;
  value: number;
  unit: string;
  /** The bar; a figure "per s", a ratio or a share must be above it, others below, unless `isFloor` says so. */
  limit?: number;
  isFloor?: boolean;
  ratio?: number;
  note?: string;
}

export type Print = (line: Figure) => void;

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
