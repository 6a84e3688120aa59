import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { supervise } from './supervise.ts';

const quick = { backoffMs: { first: 20, longest: 100 }, steadyMs: 60_000, stopMs: 2_000 };

function script(code: string): string[] {
  const file = join(mkdtempSync(join(tmpdir(), 'sb-')), 'part.mjs');
  writeFileSync(file, code);
  return [file];
}

it('starts a dead part again and says so, until it is stopped', async () => {
  const count = join(mkdtempSync(join(tmpdir(), 'sb-')), 'count');
  const said: string[] = [];
  const part = script(
    `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(count)}, 'x'); process.exit(1);`,
  );
  const run = supervise({
    parts: [{ name: 'worker', args: part, env: process.env }],
    ...quick,
    say: (line) => said.push(line),
  });
  await expect.poll(() => said.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
  run.stop();
  expect(await run.done).toBe(0);
  expect(readFileSync(count, 'utf8').length).toBeGreaterThanOrEqual(3);
  expect(said[0]).toMatch(/^The worker ended \(1\)/);
});

it('ends everything when one part says that it cannot go on', async () => {
  const forever = script('setInterval(() => {}, 1000)');
  const broken = script('process.exit(78)');
  const run = supervise({
    parts: [
      { name: 'web', args: forever, env: process.env },
      { name: 'worker', args: broken, env: process.env },
    ],
    ...quick,
    say: () => {},
  });
  expect(await run.done).toBe(78);
});

it('kills a part that does not want to stop', async () => {
  const stubborn = script("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)");
  const run = supervise({
    parts: [{ name: 'web', args: stubborn, env: process.env }],
    ...quick,
    stopMs: 300,
    say: () => {},
  });
  setTimeout(run.stop, 300);
  expect(await run.done).toBe(0);
});

it('leaves no part behind when it is killed', async () => {
  const beats = join(mkdtempSync(join(tmpdir(), 'sb-')), 'beats');
  const launcher = fileURLToPath(new URL('../launch.mjs', import.meta.url));
  const [entry = ''] = script(
    `import { writeFileSync } from 'node:fs';
     setInterval(() => writeFileSync(${JSON.stringify(beats)}, String(Date.now())), 20);
     export const main = () => {};`,
  );
  const [part = ''] = script(
    `import { launch } from ${JSON.stringify(launcher)}; await launch(import.meta.url, ${JSON.stringify(entry)});`,
  );
  const [parent = ''] = script(
    `import { supervise } from ${JSON.stringify(fileURLToPath(new URL('./supervise.ts', import.meta.url)))};
     const parts = [{ name: 'web', args: [${JSON.stringify(part)}, '--under-launcher'], env: process.env }];
     await supervise({ parts, backoffMs: { first: 20, longest: 100 }, steadyMs: 1e4, stopMs: 1e3, say: () => {} }).done;`,
  );
  const child = spawn(process.execPath, [parent], { stdio: 'ignore' });
  const lastBeat = () => statSync(beats, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  await expect.poll(lastBeat, { timeout: 10_000 }).toBeGreaterThan(0);
  child.kill('SIGKILL');
  // Seen red with a launcher whose parts do not listen to their input: they beat for ever.
  await expect.poll(() => Date.now() - lastBeat(), { timeout: 10_000 }).toBeGreaterThan(500);
});
