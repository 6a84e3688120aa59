import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { watchFile } from './watch-file.ts';

it('notices a change at once after it began, a file that goes, and one put in its place', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sb-watch-'));
  const file = join(dir, 'a.yaml');
  writeFileSync(file, 'one');
  let changes = 0;
  const stop = watchFile(file, () => void (changes += 1), 10);
  onTestFinished(() => {
    stop();
    rmSync(dir, { recursive: true });
  });
  writeFileSync(file, 'two two');
  await expect.poll(() => changes).toBe(1);
  rmSync(file);
  await expect.poll(() => changes).toBe(2);
  writeFileSync(join(dir, 'b.yaml'), 'two two');
  renameSync(join(dir, 'b.yaml'), file);
  await expect.poll(() => changes).toBe(3);
});
