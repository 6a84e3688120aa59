import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { toWire } from '#lib/core/observation-wire.ts';
import { goodLook } from '#lib/testing/observations.ts';
import { randomFrom } from '#lib/testing/worlds/random.ts';
import { plotOf, suite } from '#lib/testing/worlds/suite.ts';
import { makeWorld } from '#lib/testing/worlds/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
afterAll(() => rmSync(folder, { recursive: true }));
const entry = fileURLToPath(new URL('../replay.mjs', import.meta.url));

interface Result {
  lines: Record<string, unknown>[];
  text: string;
  problems: string;
  status: number | null;
}

function replay(args: string[], input?: string): Result {
  const child = spawnSync(process.execPath, [entry, ...args], {
    encoding: 'utf8',
    input,
    env: { ...process.env, INIT_CWD: folder },
  });
  const lines = child.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { lines, text: child.stdout, problems: child.stderr, status: child.status };
}

function write(name: string, lines: readonly string[]): string {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  return name;
}

function linesOf(name: string, seed = 2): string[] {
  const scene = suite.find((one) => one.name.includes(name))!;
  return makeWorld(plotOf(scene, seed)).observations.map((o) => JSON.stringify(toWire(o)));
}

describe('replay', () => {
  const february = linesOf('2026-02-17');
  const file = write('february.ndjson', february);
  const told = replay([file]);

  it('tells one incident of the gateway, from its first bad look to its end', () => {
    expect(told.status).toBe(0);
    expect(told.problems).toBe('');
    expect(told.lines.map((line) => line.type)).toEqual([
      'incident.opened',
      'incident.changed',
      'incident.resolved',
    ]);
    expect(new Set(told.lines.map((line) => line.incident)).size).toBe(1);
    for (const line of told.lines) {
      expect(line.scope).toEqual({ kind: 'gateway', id: 'openrouter' });
      expect(line).not.toHaveProperty('public');
      expect(String(line.at)).toMatch(/^2026-05-12T\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
    expect(told.lines.map((line) => line.impact)).toEqual(['partial_outage', 'major_outage', 'major_outage']);
  });

  it('reads standard input as it reads a file', () => {
    expect(replay(['-'], `${february.join('\r\n')}`).text).toBe(told.text);
  });

  it('does not mind lines out of order or repeated', () => {
    const random = randomFrom(3);
    const shuffled = february
      .map((line, i) => ({ line, at: i + random.between(0, 50) }))
      .sort((a, b) => a.at - b.at)
      .flatMap(({ line }) => (random.chance(0.1) ? [line, line] : [line]));
    expect(replay([write('shuffled.ndjson', shuffled)]).text).toBe(told.text);
  });

  it('names a broken line by its number, goes on and says so in its exit status', () => {
    const broken = [...february];
    broken.splice(
      700,
      0,
      '{"v":1,',
      '',
      JSON.stringify({ v: 1, at: '2026-05-12T09:30:00Z', probe: 'completion' }),
    );
    const result = replay([write('broken.ndjson', broken)]);
    expect(result.text).toBe(told.text);
    expect(result.problems).toBe('line 701: no JSON, skipped\nline 703: lacks target, skipped\n');
    expect(result.status).toBe(2);
  });

  it('is not led away by a line from the future, and names it', () => {
    const early = JSON.stringify(toWire(goodLook({ atMs: Date.UTC(2099, 0, 1) })));
    const result = replay([
      write('future.ndjson', [...february.slice(0, 500), early, ...february.slice(500)]),
    ]);
    expect(result.text).toBe(told.text);
    expect(result.problems).toContain('line 501: from the future');
    expect(result.status).toBe(0);
  });

  it('reads on over unknown kinds, unknown fields and absurd numbers', () => {
    const odd = february.map((line, i) => {
      if (i % 400 !== 0) return line;
      return JSON.stringify({ ...JSON.parse(line), status: 1e9, stallMs: -5, mood: 'odd' });
    });
    odd.push(
      JSON.stringify({
        v: 1,
        at: '2026-05-12T10:00:00Z',
        probe: 'quantum',
        target: { gateway: 'openrouter' },
      }),
    );
    const result = replay([write('odd.ndjson', odd)]);
    expect(result.lines.map((line) => line.type)).toEqual(told.lines.map((line) => line.type));
    expect(result.status).toBe(0);
    expect(result.problems).toContain('quantum');
  });

  it('marks what is ours as not public', () => {
    const result = replay([write('revoked.ndjson', linesOf('a revoked key, in the words'))]);
    expect(result.lines.length).toBeGreaterThan(0);
    for (const line of result.lines)
      expect(line).toMatchObject({ public: false, scope: { kind: 'account', id: 'openrouter' } });
  });

  it('compares two policies over one file', () => {
    const result = replay([file, '--compare', 'default', 'pooled_evidence=40']);
    expect(new Set(result.lines.map((line) => line.policy))).toEqual(
      new Set(['default', 'pooled_evidence=40']),
    );
    expect(result.problems).toContain('incidents (default): 1');
  });

  it('tries alert rules on the file, the built-in ones or those of a configuration', () => {
    const rule = (more: string) =>
      write('rules.yaml', ['rules:', `  - { name: mine, when: error_share, above: 0.1, over: 30m${more} }`]);
    const own = replay([file, '--rules', rule('')]);
    const fired = own.lines.filter((line) => line.rule === 'mine');
    expect(own.status).toBe(0);
    expect(fired[0]).toMatchObject({ type: 'notice', firing: true, public: false });
    expect(fired[0]?.reason).toMatch(/% of the checks of .+ failed in/);
    expect(own.lines.filter((line) => line.rule === undefined)).toEqual(told.lines);
    const builtIn = replay([file, '--rules', 'default']).lines.filter((line) => line.rule !== undefined);
    expect(builtIn.map((line) => line.rule)).toContain('objective at risk');
    for (const [wrong, sentence] of [
      [rule(', colour: red'), /colour/],
      ['none.yaml', /no such file/],
    ] as const) {
      const refused = replay([file, '--rules', wrong]);
      expect(refused.status).toBe(2);
      expect(refused.problems).toMatch(sentence);
    }
  });

  it('refuses numbers of judgement that cannot be', () => {
    for (const [policy, sentence] of [
      ['span_ms=-1', /span_ms must be zero or more/],
      ['major_share=7', /major_share is a share/],
      ['colour=3', /nobody knows colour/],
    ] as const) {
      const refused = replay([file, '--policy', policy]);
      expect(refused.status).toBe(2);
      expect(refused.problems).toMatch(sentence);
    }
  });

  it('sums up on standard error only', () => {
    const result = replay([file, '--summary']);
    expect(result.text).toBe(told.text);
    expect(result.problems).toContain('unauthorized_doubtful');
  });

  it('refuses what it cannot do in one sentence', () => {
    expect(replay(['absent.ndjson']).status).toBe(2);
    expect(replay([]).problems).toContain('no FILE');
    expect(replay([file, '--policy', 'colour=1']).problems).toContain('nobody knows colour');
    expect(replay([write('empty.ndjson', [])]).status).toBe(2);
    const onFolder = replay(['.']);
    expect(onFolder.status).toBe(2);
    expect(onFolder.problems).toMatch(/^[^\n]*: is a folder, not a file\n$/);
  });
}, 60_000);
