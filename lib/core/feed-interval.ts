/** The Wilson 95 % interval of a share. */
export function wilson(good: number, total: number): [number, number] {
  if (total === 0) return [0, 1];
  const z = 1.96;
  const p = good / total;
  const centre = p + (z * z) / (2 * total);
  const spread = z * Math.sqrt((p * (1 - p)) / total + (z * z) / (4 * total * total));
  const scale = 1 + (z * z) / total;
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
}
