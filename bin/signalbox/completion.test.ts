import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from './commands.ts';
import { dispatch } from './main.ts';

/** Each script is sourced by the shell it is for, where the machine has that shell. */

const cwd = mkdtempSync(join(tmpdir(), 'signalbox-completion-'));
const file = (shell: string) => join(cwd, `signalbox.${shell}`);
const lacks = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).error !== undefined;

beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const said: string[] = [];
    const out = (line: string) => void said.push(line);
    const io = { out, err: out, isTerminal: false, env: {}, cwd, root: process.cwd() };
    expect(await dispatch(['completion', shell], io)).toBe(0);
    writeFileSync(file(shell), `${said.join('\n')}\n`);
  }
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function run(shell: string, args: string[]): string[] {
  const { stdout, stderr, status } = spawnSync(shell, args, { encoding: 'utf8', cwd });
  expect(status, stderr).toBe(0);
  expect(stderr).toBe('');
  return stdout.split(/\s+/).filter(Boolean);
}

const words: [typed: string[], among: string[]][] = [
  [['signalbox', ''], Object.keys(commands)],
  [['signalbox', 'as'], ['ask']],
  [['npx', 'signalbox', 'expl'], ['explain']],
  [['signalbox', 'ask', '--mo'], ['--model']],
  [['npx', 'signalbox', 'ask', '--wa'], ['--watch']],
];

describe.skipIf(lacks('bash'))('bash', () => {
  it.each(words)('completes %j', (typed, wanted) => {
    const list = typed.map((word) => `"${word}"`).join(' ');
    const own = typed[0] === 'npx' ? '_signalbox_npx' : '_signalbox';
    const script = `source ${file('bash')}; COMP_WORDS=(${list}); COMP_CWORD=${typed.length - 1}; ${own}; echo "\${COMPREPLY[@]}"`;
    expect(run('bash', ['--norc', '-c', script])).toEqual(wanted);
  });

  it('is called for both names, and leaves an npx that is completed already alone', () => {
    const shown = (before: string) =>
      run('bash', ['--norc', '-c', `${before} source ${file('bash')}; complete -p signalbox npx`]).join(' ');
    expect(shown('')).toMatch(/-F _signalbox signalbox .*-F _signalbox_npx npx/);
    expect(shown('complete -W x npx;')).toContain("-W 'x' npx");
  });
});

it.skipIf(lacks('zsh'))('zsh takes it, and knows whom it is for', () => {
  const script = `autoload -Uz compinit && compinit -u -D; source ${file('zsh')}; print -r -- $_comps[signalbox] $_comps[npx]`;
  expect(run('zsh', ['-f', '-c', script]).join(' ')).toMatch(/signalbox.*_signalbox_npx/);
});

describe.skipIf(lacks('fish'))('fish', () => {
  it.each(words)('completes %j', (typed, wanted) => {
    const offered = run('fish', [
      '--no-config',
      '-c',
      `source ${file('fish')}; for line in (complete -C '${typed.join(' ')}'); echo (string split -m1 \\t -- $line)[1]; end`,
    ]);
    for (const word of wanted) expect(offered).toContain(word);
  });
});
