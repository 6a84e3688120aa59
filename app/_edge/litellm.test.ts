import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { startEdge } from '#lib/testing/running-edge.ts';

const folder = fileURLToPath(new URL('../../deploy/litellm/', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

interface Step {
  taken: boolean | null;
  freshness: string;
  kept: string[];
}

function run(scenario: object): Step[] {
  const child = spawnSync('python3', ['-B', 'stub.py'], {
    cwd: folder,
    input: JSON.stringify(scenario),
    encoding: 'utf8',
  });
  expect(child.stderr).toBe('');
  return JSON.parse(child.stdout) as Step[];
}

const nowS = 1_800_000_000;
const at = (s: number) => new Date((nowS + s) * 1000).toISOString();
const document = (blocked: string[], more: object = {}) => ({
  ...{ epoch: 'E', seq: 10, generated_at: at(0), valid_until: at(90) },
  targets: Object.fromEntries(
    ['a', 'b', 'c'].map((id) => [
      id,
      { blocked: blocked.includes(id), until: blocked.includes(id) ? at(400) : null },
    ]),
  ),
  ...more,
});

describe.skipIf(!hasPython)('the LiteLLM filter', () => {
  const deployments = ['a', 'b', 'c'];

  test('leaves out what is blocked while fresh, holds it while stale for two minutes, and has no opinion later', () => {
    const steps = run({
      deployments,
      steps: [
        {},
        { document: document(['a']), server_now_s: nowS },
        { pass_s: 100 },
        { pass_s: 120 },
        { pass_s: 300 },
      ],
    });
    expect(steps.map((s) => [s.freshness, s.kept.includes('a')])).toEqual([
      ['none', true],
      ['fresh', false],
      ['stale', false],
      ['stale', true],
      ['expired', true],
    ]);
  });

  test('keeps at least half when all are out, and everybody it does not know', () => {
    const [all] = run({ deployments, steps: [{ document: document(['a', 'b', 'c']), server_now_s: nowS }] });
    expect(all?.kept.length).toBe(2);
    const [unknown] = run({
      deployments: ['x', 'y'],
      steps: [{ document: document(['a']), server_now_s: nowS }],
    });
    expect(unknown?.kept).toEqual(['x', 'y']);
  });

  test('ignores an older sequence and news from the future', () => {
    const steps = run({
      deployments,
      steps: [
        { document: document(['a']), server_now_s: nowS },
        { document: document([], { seq: 9 }), server_now_s: nowS },
        { document: document([], { seq: 11, generated_at: at(600) }), server_now_s: nowS },
        { document: document([], { epoch: 'F', seq: 1 }), server_now_s: nowS },
      ],
    });
    expect(steps.map((s) => [s.taken, s.kept.includes('a')])).toEqual([
      [true, false],
      [false, false],
      [false, false],
      [true, true],
    ]);
  });

  test('reads the real edge, and lives without it', async () => {
    const edge = await startEdge({ scene: 'partial' });
    const { spawn } = await import('node:child_process');
    const ask = (url: string) =>
      new Promise<Step[]>((done) => {
        const child = spawn('python3', ['-B', 'stub.py'], { cwd: folder });
        let text = '';
        child.stdout.on('data', (chunk) => (text += chunk));
        child.on('close', () => done(JSON.parse(text) as Step[]));
        child.stdin.end(JSON.stringify({ url, deployments, steps: [{ fetch: true }] }));
      });
    expect((await ask(edge.url))[0]).toMatchObject({ taken: true, freshness: 'fresh' });
    await edge.stop();
    expect((await ask(edge.url))[0]).toMatchObject({ taken: false, freshness: 'none', kept: deployments });
  });
});
