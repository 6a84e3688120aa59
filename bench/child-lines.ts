import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The JSON lines a child prints, one at a time; other chatter is skipped. */
export function jsonLines(child: ChildProcess): () => Promise<Record<string, unknown>> {
  const waiting: ((line: Record<string, unknown>) => void)[] = [];
  const ready: Record<string, unknown>[] = [];
  if (!child.stdout) throw new Error('the child has no stdout');
  createInterface({ input: child.stdout }).on('line', (text) => {
    if (!text.startsWith('{')) return;
    const line = JSON.parse(text) as Record<string, unknown>;
    const next = waiting.shift();
    if (next) next(line);
    else ready.push(line);
  });
  return () => {
    const line = ready.shift();
    return line ? Promise.resolve(line) : new Promise((done) => waiting.push(done));
  };
}
