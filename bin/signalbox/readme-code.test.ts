import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';
import { type Direct, startDirect } from '#probes/sim/direct.ts';
import { fromLitellm } from './movers/litellm.ts';
import { blocks, inlineCode, readme } from './readme-blocks.ts';

/** The examples of the README are run as they stand: against a running edge, and an upstream on this machine. */

const root = process.cwd();
const run = promisify(execFile);
// Where packages are found, and out of sight.
const folder = join(root, 'node_modules', '.cache', 'readme');

/** The chain that the router calls is one that the README configures. */
const chainsOfReadme = (): Record<string, string[]> =>
  (parse(blocks('yaml')[0] as string) as { chains: Record<string, string[]> }).chains;

let edge: EdgeUnderTest;
let upstream: Direct;
let agentPort: number;

beforeAll(async () => {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => probe.once('listening', ready));
  agentPort = (probe.address() as AddressInfo).port;
  await new Promise((done) => probe.close(done));
  upstream = await startDirect();
  edge = await startEdge({
    scene: 'calm',
    config: { feed: { haproxy_port: agentPort }, chains: chainsOfReadme() },
    web: { nextDir: root },
  });
  mkdirSync(folder, { recursive: true });
});
afterAll(async () => {
  await edge?.stop();
  await upstream?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What stands in for the reader's own code: a real call, to the far side of this test. */
const prelude = (baseUrl: string): string => `async function askModel(id, signal) {
  const body = JSON.stringify({ model: id, messages: [{ role: 'user', content: 'Say hi.' }], max_tokens: 5 });
  const headers = { authorization: 'Bearer sk-or-v1-0123456789', 'content-type': 'application/json' };
  const answer = await fetch('${baseUrl}/v1/chat/completions', { method: 'POST', headers, body, signal });
  if (!answer.ok) throw new Error(String(answer.status));
  console.log(id, JSON.stringify(await answer.json()));
}
`;

describe('code of the README', () => {
  it.each(blocks('ts').map((code, i) => [code.split('\n')[0] as string, code, i] as const))(
    'runs: %s',
    async (_first, code, i) => {
      const file = join(folder, `block-${i}.mjs`);
      const own = code
        .replaceAll("'signalbox-client/ai'", JSON.stringify(join(root, 'lib/client/vercel-ai.ts')))
        .replaceAll("'signalbox-client'", JSON.stringify(join(root, 'lib/client/index.ts')))
        .replaceAll('http://127.0.0.1:3000', edge.url)
        .replaceAll('https://openrouter.ai/api/v1', `${upstream.baseUrl}/v1`);
      writeFileSync(file, `${prelude(upstream.baseUrl)}${own}\nprocess.exit(0);\n`);
      const { stdout } = await run(process.execPath, [file], {
        timeout: 15_000,
        env: { ...process.env, OPENROUTER_API_KEY: 'sk-or-v1-0123456789' },
      });
      expect(stdout.trim()).not.toBe('');
      if (code.includes("feed.call('chat'")) expect(stdout).toMatch(/^\S+:\S+ .*"choices"[\s\S]*\nfresh$/m);
      if (code.includes('portkey'))
        expect(JSON.parse(stdout)).toMatchObject({
          id: 'signalbox',
          targets: [{ is_open: false }, { is_open: false }],
        });
    },
  );
});

it('the LiteLLM example is a file that LiteLLM users have, and names targets the way the feed does', () => {
  const [text = ''] = blocks('yml');
  const moved = fromLitellm(parse(text));
  // The callback is the proxy's own; everything else comes along.
  expect(moved.left).toEqual(['settings of the proxy that say nothing here: callbacks']);
  const ids = [...text.matchAll(/signalbox: "([^"]+)"/g)].map(([, id]) => id);
  expect(ids).toHaveLength(2);
  for (const id of ids) expect(id).toMatch(/^[\w.-]+:[\w.-]+:[\w.~-]+$/);
  expect(readFileSync('deploy/litellm/signalbox_filter.py', 'utf8')).toContain('signalbox_filter = ');
});

describe('the HAProxy example', () => {
  const [text = ''] = blocks('haproxy');

  it('asks the agent what it answers', async () => {
    const asked = [...text.matchAll(/agent-send "([^"]+)\\n"/g)].map(([, line]) => line as string);
    expect(asked).toHaveLength(2);
    for (const line of asked) {
      const said = await new Promise<string>((resolve, reject) => {
        const socket = connect(agentPort, '127.0.0.1', () => socket.write(`${line}\n`));
        let answer = '';
        socket.on('data', (chunk) => (answer += chunk.toString()));
        socket.on('end', () => resolve(answer));
        socket.on('error', reject);
      });
      expect(said).toMatch(/^up ready \d+%\n$/);
    }
  });

  it.skipIf(spawnSync('haproxy', ['-v']).error)('is taken by HAProxy itself', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'signalbox-haproxy-'));
    const file = join(cwd, 'haproxy.cfg');
    const front = 'frontend f\n  mode http\n  bind 127.0.0.1:8999\n  default_backend llm\n';
    writeFileSync(
      file,
      `${front}defaults\n  timeout connect 1s\n  timeout client 1s\n  timeout server 1s\n${text}`,
    );
    const checked = spawnSync('haproxy', ['-c', '-f', file], { encoding: 'utf8' });
    rmSync(cwd, { recursive: true });
    expect(checked.status, checked.stderr).toBe(0);
  });
});

describe('addresses of the README', () => {
  const paths = inlineCode(readme).flatMap((code) => {
    const [, method = 'GET', path] = /^(?:(GET|POST) )?(\/[a-z.][^\s]*)$/.exec(code) ?? [];
    return path ? [[method, path] as const] : [];
  });

  it.each(paths)('%s %s is answered', async (method, path) => {
    const id = 'openrouter:any:openai~gpt-5-mini';
    const asked = path
      .replace('{id}', id)
      .replace(/endpoint=.*/, `endpoint=${id}@127.0.0.1:8001`)
      .replace(/target=.*/, `target=${id}`)
      .replace(/model=.*/, 'model=openai/gpt-5-mini');
    const { status } = await fetch(edge.url + asked, {
      method,
      headers: { accept: 'text/html, application/json, text/event-stream' },
    });
    // What is sent wants a key or a body, and says so; an address nobody knows is 404 or 405.
    expect(method === 'GET' ? [200] : [400, 401, 415], `${method} ${asked}: ${status}`).toContain(status);
  });

  it('there are such', () => {
    expect(paths.length).toBeGreaterThan(15);
  });
});
