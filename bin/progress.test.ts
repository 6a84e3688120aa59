import { expect, it } from 'vitest';
import { progressOn } from './progress.ts';

function sink(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, write: (text: string) => written.push(text) };
}

it('is a bar on one line for a person', () => {
  const out = sink(true);
  const bar = progressOn(out);
  for (const share of [0, 0.5, 0.5, 1]) bar.to(share, 'of it');
  bar.end();
  expect(out.written.map((text) => text.trim())).toEqual([
    '[.........................]   0 % of it',
    `[${'#'.repeat(13)}${'.'.repeat(12)}]  50 % of it`,
    `[${'#'.repeat(25)}] 100 % of it`,
    '',
  ]);
  expect(out.written.slice(0, 3).every((text) => text.startsWith('\r') && !text.includes('\n'))).toBe(true);
});

it('is a line of JSON each quarter for a program', () => {
  const out = sink(false);
  const bar = progressOn(out);
  for (let i = 0; i <= 100; i++) bar.to(i / 100, 'of it');
  bar.end();
  expect(out.written.map((line) => JSON.parse(line))).toEqual(
    [0.25, 0.5, 0.75, 1].map((progress) => ({ progress, what: 'of it' })),
  );
});

it('is not shown for work that is over at once', () => {
  const out = sink(true);
  let nowMs = 0;
  const bar = progressOn(out, { afterMs: 500, monoMs: () => nowMs });
  bar.to(0.4, 'of it');
  bar.end();
  expect(out.written).toEqual([]);
  nowMs = 600;
  bar.to(0.5, 'of it');
  expect(out.written).toHaveLength(1);
});
