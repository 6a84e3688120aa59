import { statSync } from 'node:fs';

/** Tells when a file is another one than at the moment this is called: what changed before the first look counts too. */
export function watchFile(file: string, onChange: () => void, everyMs = 1_000): () => void {
  let known = printOf(file);
  const timer = setInterval(() => {
    const now = printOf(file);
    if (now === known) return;
    known = now;
    onChange();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** A rename puts another file in the same place, perhaps of the same size and age. */
function printOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stat ? `${stat.mtimeNs} ${stat.size} ${stat.ino}` : 'missing';
}
