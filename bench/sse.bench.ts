import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { jsonLines } from './child-lines.ts';
import type { Print } from './figure.ts';

/** Many readers of the event stream in one process: memory of each, and how long a change takes to the last of them. */
export const name = 'sse';

const wanted = 10_000;
const rounds = 5;

export async function run(print: Print): Promise<void> {
  const child = spawn(
    process.execPath,
    ['--expose-gc', fileURLToPath(new URL('./edge-alone.ts', import.meta.url)), '20'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const readers: Reader[] = [];
  try {
    const next = jsonLines(child);
    const { url, pid } = (await next()) as { url: string; pid: number };
    const port = Number(new URL(url).port);
    await openMany(readers, port, 200);
    await new Promise((done) => setTimeout(done, 500));
    const before = rssOf(pid);
    await openMany(readers, port, wanted - 200);
    await new Promise((done) => setTimeout(done, 2_000));
    const count = readers.filter((r) => r.isOpen).length;
    print({ figure: 'open streams', value: count, unit: 'streams' });
    print({
      figure: 'memory per stream',
      value: (rssOf(pid) - before) / (count - 200) / 1024,
      unit: 'kB',
      limit: 20,
    });
    const lasts: number[] = [];
    for (let i = 0; i < rounds; i++) lasts.push(await changeReachesAll(child, next, readers));
    lasts.sort((a, b) => a - b);
    print({
      figure: 'a change reaches the last reader after',
      value: lasts[Math.floor(rounds / 2)] ?? 0,
      unit: 'ms',
      limit: 300,
      note: `worst of ${rounds}: ${Math.round(lasts.at(-1) ?? 0)} ms`,
    });
    for (const reader of readers.splice(0, 1_000)) reader.socket.destroy();
    const storm = openMany(readers, port, 1_000);
    const during = await changeReachesAll(child, next, readers.slice(0, wanted - 1_000));
    await storm;
    print({ figure: 'the same while 1,000 reconnect at once', value: during, unit: 'ms', limit: 1_000 });
  } finally {
    for (const { socket } of readers) socket.destroy();
    child.kill();
  }
}

interface Reader {
  socket: net.Socket;
  isOpen: boolean;
  /** When the last change event came. */
  heardAtMs: number;
}

async function openMany(readers: Reader[], port: number, count: number): Promise<void> {
  for (let i = 0; i < count; i += 250)
    await Promise.all(
      Array.from({ length: Math.min(250, count - i) }, () => open(readers, port, readers.length)),
    );
}

/** Loopback has many addresses: so many connections do not fit between two. */
function open(readers: Reader[], port: number, index: number): Promise<void> {
  return new Promise((done) => {
    const socket = net.connect({ port, host: '127.0.0.1', localAddress: `127.0.${1 + (index % 4)}.1` });
    const reader: Reader = { socket, isOpen: false, heardAtMs: 0 };
    readers.push(reader);
    socket.on('error', () => done());
    socket.on('connect', () => socket.write('GET /api/v1/health/stream HTTP/1.1\r\nHost: x\r\n\r\n'));
    socket.on('data', (chunk) => {
      reader.isOpen = true;
      done();
      if (chunk.includes('event: target\n')) reader.heardAtMs = Date.now();
    });
  });
}

async function changeReachesAll(
  child: ChildProcess,
  next: () => Promise<Record<string, unknown>>,
  readers: Reader[],
): Promise<number> {
  for (const reader of readers) reader.heardAtMs = 0;
  await new Promise((done) => setTimeout(done, 700));
  child.stdin?.write('change\n');
  const { writtenAtMs } = (await next()) as { writtenAtMs: number };
  const listening = readers.filter((r) => r.isOpen && !r.socket.destroyed);
  for (let i = 0; i < 500 && listening.some((r) => r.heardAtMs === 0); i++)
    await new Promise((done) => setTimeout(done, 10));
  const missing = listening.filter((r) => r.heardAtMs === 0).length;
  if (missing > 0) throw new Error(`${missing} of ${listening.length} readers heard nothing`);
  return Math.max(...listening.map((r) => r.heardAtMs)) - writtenAtMs;
}

function rssOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}
