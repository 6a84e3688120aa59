/** `90 s`, `38 min`, `2 h 5 min`, `3 d`. */
export function sayTime(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
}

/** `05:27`, UTC. */
export function clock(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 16);
}

export function sayShare(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (100 * part) / whole;
  return percent >= 10 || percent === 0 ? `${Math.round(percent)} %` : `${percent.toFixed(1)} %`;
}
