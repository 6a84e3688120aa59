import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readArgs, releaseFolder, takeFolder } from './options.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-options-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('what the demo is asked for', () => {
  it.each([
    [['--port', 'abc'], /--port is a number from 1 to 65523/],
    [['--port', '65530'], /--port/],
    [['--port', '0'], /--port/],
    [['--seed', 'x'], /--seed/],
    [['--frobnicate'], /frobnicate/],
    [['extra'], /extra/],
  ])('%j is refused in a sentence', (argv, sentence) => {
    expect(() => readArgs(argv)).toThrow(sentence);
  });

  it('gives a demo on other ports a folder of its own', () => {
    expect(readArgs([]).dataDir).toMatch(/demo-data$/);
    expect(readArgs(['--port', '4900']).dataDir).toMatch(/demo-data-4900$/);
    expect(readArgs(['--port', '4900', '--data', 'x']).dataDir).toMatch(/\/x$/);
  });
});

describe('the folder of the demo', () => {
  it('is never one with anything else in it', () => {
    writeFileSync(join(folder, 'thesis.txt'), 'years of work');
    expect(() => takeFolder(folder)).toThrow(/nothing was touched/);
    expect(() => takeFolder(join(folder, 'thesis.txt'))).toThrow(/nothing was touched/);
  });

  it('is emptied when the last demo is gone, and left alone while it lives', () => {
    const own = join(folder, 'demo');
    takeFolder(own);
    writeFileSync(join(own, '.signalbox-demo'), `${process.ppid}\n`);
    expect(() => takeFolder(own)).toThrow(/lives in/);
    releaseFolder(own);
    takeFolder(own);
  });

  it('that cannot be made is told with its reason', () => {
    expect(() => takeFolder('/dev/null/demo')).toThrow(/cannot be written \(E\w+\)/);
  });
});
