import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importsOf, impurity, isExempt, violation } from './architecture-rules.ts';

function sources(): string[] {
  const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx'], {
    encoding: 'utf8',
  });
  return list.split('\n').filter((path) => path && !path.endsWith('.d.ts'));
}

function check(path: string, source: string): string[] {
  if (isExempt(path)) return [];
  const problems = importsOf(source).map((one) => violation(path, one));
  return [...problems, impurity(path, source)].filter((problem) => problem !== null);
}

describe('the rooms', () => {
  it('import only what the table allows', () => {
    const problems = sources().flatMap((path) => check(path, readFileSync(path, 'utf8')));
    expect(problems).toEqual([]);
  });

  it('have no file with a name that says nothing', () => {
    const nameless = sources().filter((path) =>
      /(^|\/)(utils?|helpers?|common|misc|types|manager|service|handler)\.tsx?$/.test(path),
    );
    expect(nameless).toEqual([]);
  });

  it.each([
    ['lib/core/x.ts', "import fs from 'node:fs';"],
    ['lib/core/x.ts', "import { z } from 'zod';"],
    ['lib/core/x.ts', "import type { Store } from '../store.ts';"],
    ['lib/core/x.ts', 'export const now = () => Date.now();'],
    ['lib/core/x.ts', 'export const dice = Math.random();'],
    ['lib/core/x.ts', 'export class Judge {}'],
    ['lib/log.ts', "import { open } from '#db/open.ts';"],
    ['db/sqlite/looks.ts', "import { send } from '#lib/notify/slack.ts';"],
    ['probes/runner.ts', "import { page } from '#app/page.tsx';"],
    ['probes/runner.ts', "import { looks } from '#db/sqlite/looks.ts';"],
    ['probes/runner.ts', "import { request } from 'undici';"],
    ['app/page.tsx', "import { openStore } from '#db/open.ts';"],
    ['app/page.tsx', "import { config } from '#lib/config/load.ts';"],
    ['app/_data/overview.ts', "import { openThing } from '#lib/store.ts';"],
    ['app/_edge/main.ts', "import { send } from '#lib/notify/slack.ts';"],
    ['app/_edge/main.ts', "const x = await import('#probes/main.ts');"],
    ['lib/http.ts', "import thing from 'left-pad';"],
    ['db/open.ts', "const Database = require('better-sqlite3');"],
  ])('notice a planted violation: %s with %s', (path, source) => {
    expect(check(path, source)).not.toEqual([]);
  });

  it.each([
    ['lib/core/x.ts', "import { verdicts } from './words.ts';"],
    ['db/sqlite/looks.ts', "import Database from 'better-sqlite3';"],
    ['app/_data/overview.ts', "import type { Store } from '#lib/store.ts';"],
    ['probes/probe.ts', "export interface Io { http: import('#lib/http.ts').Http }"],
    ['lib/testing/any.ts', "import { openStore } from '#db/open.ts';"],
  ])('let the allowed through: %s with %s', (path, source) => {
    expect(check(path, source)).toEqual([]);
  });
});
