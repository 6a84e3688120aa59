const everyMs = 1_000;

/** A launcher that was killed cannot say so: its child sees that its parent is another one now, and ends. */
export function whenOrphaned(leave: () => void, parentOf: () => number = () => process.ppid): () => void {
  const parent = parentOf();
  const timer = setInterval(() => {
    if (parentOf() === parent) return;
    clearInterval(timer);
    leave();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
