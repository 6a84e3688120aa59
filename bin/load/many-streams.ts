import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadCase } from './load-case.ts';
import { childrenOf, openFiles, rssMb } from './processes.ts';
import { type Product, startProduct } from './product.ts';

/** L4 and L5: many readers of the stream, a tenth of them reading nothing; then the web is ended and all come back. */

const readers = Number(process.env.STREAMS ?? 10_000);
const yaml = `feed: { streams_per_address: ${readers + 100} }`;

interface Reader {
  socket: Socket;
  eventMs: number | null;
  isLost: boolean;
  /** Reads nothing more, so it does not even notice the end. */
  isAsleep: boolean;
}

export const manyStreams: LoadCase = {
  title: `${readers} readers of the stream, a tenth of them asleep`,
  async run(print) {
    const product = await startProduct(yaml);
    try {
      const web = childrenOf(product.pid).get('web') as number;
      const before = rssMb(web);
      const all = await open(product.url, readers);
      await sleep(3_000);
      print({
        figure: 'memory a reader',
        value: ((rssMb(web) - before) * 1_024) / readers,
        unit: 'kB',
        limit: 20,
      });
      const spread = await fanOut(product, all);
      print({ figure: 'readers that heard of a change', value: spread.length, unit: 'readers' });
      print({
        figure: 'from the first reader to the last',
        value: (spread.at(-1) ?? 0) - (spread[0] ?? 0),
        unit: 'ms',
        limit: 200,
      });
      print({
        figure: 'readers lost',
        value: all.filter((one) => one.isLost).length,
        unit: 'readers',
        limit: 0,
      });
      for (const { socket } of all) socket.destroy();
      await sleep(3_000);
      print({ figure: 'open files after they left', value: openFiles(web), unit: 'files', limit: 200 });
    } finally {
      await product.stop();
    }
  },
};

export const streamsRestart: LoadCase = {
  title: `the web ends under ${readers} readers, and all come back`,
  async run(print) {
    const product = await startProduct(yaml);
    try {
      const all = await open(product.url, readers);
      const web = childrenOf(product.pid).get('web') as number;
      process.kill(web, 'SIGKILL');
      const startedMs = performance.now();
      for (let tries = 0; tries < 1_200 && all.some((one) => !one.isLost && !one.isAsleep); tries++)
        await sleep(50);
      for (const { socket } of all) socket.destroy();
      for (let tries = 0; tries < 400 && (childrenOf(product.pid).get('web') ?? web) === web; tries++)
        await sleep(50);
      await untilAnswers(product.url);
      const again = await open(product.url, readers);
      print({ figure: 'all readers back', value: performance.now() - startedMs, unit: 'ms', limit: 60_000 });
      print({
        figure: 'readers lost',
        value: again.filter((one) => one.isLost).length,
        unit: 'readers',
        limit: 0,
      });
      for (const { socket } of again) socket.destroy();
      await sleep(3_000);
      const pid = childrenOf(product.pid).get('web') as number;
      print({ figure: 'open files after they left', value: openFiles(pid), unit: 'files', limit: 200 });
    } finally {
      await product.stop();
    }
  },
};

async function untilAnswers(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const isUp = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    await sleep(50);
  }
  throw new Error('the web did not come back');
}

async function open(url: string, count: number): Promise<Reader[]> {
  const all: Reader[] = [];
  for (let i = 0; i < count; i += 200) {
    const batch = Array.from({ length: Math.min(200, count - i) }, (_, n) => openOne(url, i + n));
    all.push(...(await Promise.all(batch)));
  }
  return all;
}

/** Addresses of the loopback in turns: one has only so many ports. */
function openOne(url: string, n: number): Promise<Reader> {
  const { port } = new URL(url);
  const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: `127.0.0.${2 + (n % 50)}` });
  const isAsleep = n % 10 === 9;
  const reader: Reader = { socket, eventMs: null, isLost: false, isAsleep };
  socket.on('error', () => undefined);
  socket.on('close', () => {
    reader.isLost = true;
  });
  socket.write('GET /api/v1/health/stream HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n');
  return new Promise((resolve) => {
    socket.once('close', () => resolve(reader));
    socket.once('data', () => {
      if (isAsleep) socket.pause();
      else
        socket.on('data', (chunk) => {
          if (reader.eventMs === null && chunk.includes('event: target')) reader.eventMs = performance.now();
        });
      resolve(reader);
    });
  });
}

async function fanOut(product: Product, all: Reader[]): Promise<number[]> {
  await sleep(1_000);
  for (const one of all) one.eventMs = null;
  const mend = product.sim.script({ provider: 'deepinfra', status: 502, body: 'bad gateway' });
  for (let tries = 0; tries < 900 && all.every((one) => one.eventMs === null); tries++) await sleep(100);
  await sleep(2_000);
  mend();
  return all.flatMap((one) => one.eventMs ?? []).sort((a, b) => a - b);
}
