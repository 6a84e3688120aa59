import { type ChildProcess, fork, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createTrusted, type HttpLook } from '#lib/http.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { completion } from '#probes/kinds/completion.ts';
import { http as httpProbe } from '#probes/kinds/http.ts';
import { jsonLines } from './child-lines.ts';
import { type Print, quantile } from './figure.ts';
import { canMeasure, paced } from './rival.ts';

export const name = 'look timing';

const stormSeconds = 12;

const delaysMs = [0, 20, 100, 500];
const inFlight = 20;

export async function run(print: Print): Promise<void> {
  const { server, port } = await startServer();
  try {
    await measureCpu(port, 300);
    await measurePhases(port, print);
    await measureFirstToken(port, print, { inFlight: 200, limitMs: 1, beside: '' });
    await besideStorm(port, print);
    const cpuMs = await measureCpu(port, 4_000);
    print({ figure: 'CPU of one HTTP look', value: cpuMs, unit: 'ms', limit: 0.6 });
  } finally {
    server.kill();
  }
}

async function startServer(): Promise<{ server: ChildProcess; port: number }> {
  const server = fork(fileURLToPath(new URL('./look/server.ts', import.meta.url)));
  const port = await new Promise<number>((resolve) =>
    server.once('message', (message) => resolve(Number(message))),
  );
  return { server, port };
}

/** Our look and a bare socket, in turn, against the service time the server itself noted. */
async function measurePhases(port: number, print: Print): Promise<void> {
  const http = createTrusted();
  const ours: number[] = [];
  const bare: number[] = [];
  const whole: number[] = [];
  const isOurs = (i: number) => i % 2 === 0;
  await atOnce(inFlight, 1_200, async (i) => {
    const path = `/wait/${delaysMs[(i >> 1) % delaysMs.length]}`;
    if (isOurs(i)) {
      const look = await http.request({ url: `http://127.0.0.1:${port}${path}` });
      const { headersMs, connectMs } = look.timing;
      const serviceMs = Number(look.headers['x-service-ms']);
      ours.push((headersMs ?? Number.NaN) - (connectMs ?? Number.NaN) - serviceMs);
      whole.push((headersMs ?? Number.NaN) - serviceMs);
    } else {
      bare.push(await bareLook(port, path));
    }
  });
  const [p50, p95, bare50] = [quantile(ours, 0.5), quantile(ours, 0.95), quantile(bare, 0.5)];
  const note = `${ours.length} looks of 0, 20, 100 and 500 ms, ${inFlight} in flight`;
  // The far side cannot know of the connection's making: that is a phase of its own, and told apart.
  print({ figure: 'server time off the service time, median', value: p50, unit: 'ms', limit: 0.5, note });
  print({ figure: 'server time off the service time, p95', value: p95, unit: 'ms', limit: 1.5 });
  print({ figure: 'a bare socket off the service time, median', value: bare50, unit: 'ms' });
  print({ figure: 'server time above a bare socket, median', value: p50 - bare50, unit: 'ms', limit: 0.3 });
  print({ figure: 'with the connection, median', value: quantile(whole, 0.5), unit: 'ms' });
}

/** What node:net alone would have measured: from the connection to the first byte. */
function bareLook(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let startedMs = 0;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => {
      startedMs = performance.now();
      socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`);
    });
    socket.once('data', (head) => {
      const firstByteMs = performance.now() - startedMs;
      resolve(firstByteMs - Number(/x-service-ms: ([\d.]+)/.exec(head.toString())?.[1]));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

/** The whole probe, against the instants at which the server sent its first tokens. */
async function measureFirstToken(
  port: number,
  print: Print,
  how: { inFlight: number; limitMs: number; beside: string },
): Promise<void> {
  const http = createTrusted();
  const watched = watchedTarget(
    'completion',
    { gateway: 'direct', provider: 'bench', model: 'bench' },
    { baseUrl: `http://127.0.0.1:${port}`, dialect: 'openai-chat' },
  );
  const off: number[] = [];
  await atOnce(how.inFlight, 5 * how.inFlight, async (i) => {
    let look: HttpLook | null = null;
    const io = probeIo({
      timeoutMs: 10_000,
      http: { request: async (request) => (look = await http.request(request)) },
    });
    const { observation, found } = await completion(watched, io);
    const sent = found?.flatMap((one) => (one.kind === 'generation' ? [Number(one.fingerprint)] : []))[0];
    const started = (look as HttpLook | null)?.startedMonoMs;
    const firstTokenMs = observation.timing.firstTokenMs;
    // The first round begins all at once; what is measured is the steady state.
    if (i < how.inFlight || sent === undefined || started === undefined || firstTokenMs === null) return;
    off.push(Math.abs(performance.timeOrigin + started + firstTokenMs - sent));
  });
  const note = `${off.length} streams, ${how.inFlight} in flight`;
  const figure = `first token off its sending${how.beside}`;
  print({ figure: `${figure}, median`, value: quantile(off, 0.5), unit: 'ms', limit: how.limitMs, note });
  print({ figure: `${figure}, p95`, value: quantile(off, 0.95), unit: 'ms' });
}

/** The same while the web process, in a process of its own, serves page and feed ten thousand times a second. */
async function besideStorm(port: number, print: Print): Promise<void> {
  if (!canMeasure) return print({ figure: 'skipped', value: 0, unit: '', note: 'wrk is not installed' });
  const child = spawn(process.execPath, [fileURLToPath(new URL('./edge-alone.ts', import.meta.url)), '60'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const { url } = (await jsonLines(child)()) as { url: string };
    const storm = paced(`${url}/api/v1/health?view=routing`, stormSeconds);
    await measureFirstToken(port, print, { inFlight: 50, limitMs: 2, beside: ' beside a read storm' });
    print({ figure: 'reads served meanwhile', value: (await storm).perS, unit: 'per s' });
  } finally {
    child.kill();
  }
}

async function measureCpu(port: number, looks: number): Promise<number> {
  const watched = watchedTarget(
    'http',
    { gateway: null, provider: 'bench', model: null },
    { baseUrl: `http://127.0.0.1:${port}/wait/0`, options: { expect: { status: 200 } } },
  );
  const io = probeIo();
  const before = process.cpuUsage();
  await atOnce(inFlight, looks, async () => {
    const { observation } = await httpProbe(watched, io);
    if (observation.status !== 200) throw new Error(`look failed: ${observation.fault}`);
  });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / looks;
}

async function atOnce(width: number, count: number, one: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await one(next++);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
