import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { serveHttp } from '#lib/testing/loopback.ts';
import { type Sim, startSim } from '#probes/sim/main.ts';
import type { Io } from './command.ts';
import { dispatch } from './main.ts';

/** `ask` as it is typed, against a scripted OpenRouter. */

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function stage(isOnline = true) {
  const cwd = mkdtempSync(join(tmpdir(), 'signalbox-ask-'));
  endings.push(() => rmSync(cwd, { recursive: true, force: true }));
  const sim = await startSim();
  endings.push(() => sim.close());
  const place = await serveHttp((_request, response) => response.end('ok'));
  endings.push(() => place.close());
  const dead = 'http://127.0.0.1:9';
  writeFileSync(
    join(cwd, 'signalbox.yaml'),
    `listen: { port: 9 }
gateways: { openrouter: { base_url: "${isOnline ? sim.baseUrl : `${dead}/api/v1`}", key: sk-or-v1-0123456789abcdef, status_page: "${isOnline ? sim.statusUrl : dead}" } }
controls: [ { name: a, url: "${isOnline ? place.url : dead}/" }, { name: b, url: "${isOnline ? place.url : dead}/b" } ]
`,
  );
  return { cwd, sim };
}

async function ask(cwd: string, ...args: string[]) {
  const startedMs = performance.now();
  const lines: { text: string; atMs: number }[] = [];
  const out = (text: string) => void lines.push({ text, atMs: performance.now() - startedMs });
  const io: Io = { out, err: out, isTerminal: false, env: {}, cwd, root: process.cwd() };
  const status = await dispatch(['ask', ...args], io);
  const [first] = lines;
  return {
    status,
    first: first?.text ?? '',
    firstMs: first?.atMs ?? Number.NaN,
    tookMs: performance.now() - startedMs,
    text: lines.map(({ text }) => text).join('\n'),
    calls: (sim: Sim) => sim.calls.filter(({ path }) => path.endsWith('/chat/completions')).length,
  };
}

describe('ask, with nobody to ask but the network', () => {
  it('says in its first line that nothing is wrong, after one paid call and no more', async () => {
    const { cwd, sim } = await stage();
    const said = await ask(cwd);
    expect(said.first).toMatch(
      /^Nothing is wrong right now: a real call was answered in \d+ ms\.|^Not certain yet/,
    );
    expect(said.text).toContain('Nothing is wrong right now');
    expect(said.status).toBe(0);
    expect(said.calls(sim)).toBe(1);
  });

  // Seen red with everything waited for before the first word.
  it('says within a second and a half what it waits for when a call hangs, and ends within five', async () => {
    const { cwd, sim } = await stage();
    sim.script({ path: '/chat/completions', hang: true });
    const said = await ask(cwd);
    expect(said.first).toMatch(/^Not certain yet, waiting for .*a real call/);
    expect(said.firstMs).toBeLessThan(2_500);
    expect(said.tookMs).toBeLessThan(8_000);
    expect(said.status).toBe(1);
    expect(said.text).toMatch(/\nThe provider|\nOpenRouter:/);
  });

  it('calls one’s own dead connection by its name at once', async () => {
    const { cwd } = await stage(false);
    const said = await ask(cwd);
    expect(said.first).toMatch(/^You: your own connection is down, none of 2 unrelated places answered\./);
    expect(said.status).toBe(1);
  });

  it('answers machines with one line, whatever hangs', async () => {
    const { cwd, sim } = await stage();
    sim.script({ path: '/chat/completions', hang: true });
    const said = await ask(cwd, '--json');
    expect(said.text.split('\n')).toHaveLength(1);
    expect(JSON.parse(said.text)).toMatchObject({ from: 'here', whose: expect.any(String) });
  });

  it('knows a model that nobody serves', async () => {
    const { cwd } = await stage();
    const said = await ask(cwd, '--model', 'no/such-model', '--no-call');
    expect(said.text).toContain('The model no/such-model is not in the catalogue');
    expect(said.status).toBe(1);
  });
});
