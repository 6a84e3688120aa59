import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to the bytes on their way back; everything can be changed while connections are open. */
export interface Chaos {
  /** Before anything of the answer goes on. */
  delayMs?: number;
  /** The answer arrives in pieces of so many bytes … */
  dripBytes?: number;
  /** … so far apart. */
  dripEveryMs?: number;
  /** A polite end after so many bytes of the answer. */
  cutAfterBytes?: number;
  /** A torn socket after so many bytes of the answer; 0: at once. */
  resetAfterBytes?: number;
  /** The bits of this byte of the answer are turned over. */
  corruptAtByte?: number;
  /** Connections are accepted and nothing ever comes back. */
  isSilent?: boolean;
}

export interface ChaosProxy {
  port: number;
  set(chaos: Chaos): void;
  connections(): number;
  close(): Promise<void>;
}

/** A TCP proxy on loopback that spoils what a server answers, below everything HTTP knows about. */
export async function startChaosProxy(upstreamPort: number, first: Chaos = {}): Promise<ChaosProxy> {
  let chaos = first;
  let count = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    count += 1;
    const upstream = connect(upstreamPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      socket.on('error', () => socket.destroy());
    }
    client.pipe(upstream);
    client.on('close', () => upstream.destroy());
    void passBack(upstream, client, () => chaos);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      chaos = next;
    },
    connections: () => count,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

async function passBack(upstream: Socket, client: Socket, now: () => Chaos): Promise<void> {
  if (now().resetAfterBytes === 0) {
    upstream.destroy();
    return void client.resetAndDestroy();
  }
  let passed = 0;
  try {
    for await (const chunk of upstream as AsyncIterable<Buffer>) {
      if (now().isSilent) continue;
      if (passed === 0 && now().delayMs) await sleep(now().delayMs);
      const fate = await passChunk(client, chunk, passed, now());
      passed += chunk.length;
      if (fate === 'over') return;
    }
  } catch {
    // The upstream was torn: so is what the client sees.
    return void client.destroy();
  }
  if (!now().isSilent) client.end();
}

async function passChunk(
  client: Socket,
  chunk: Buffer,
  passed: number,
  chaos: Chaos,
): Promise<'on' | 'over'> {
  const { corruptAtByte, cutAfterBytes, resetAfterBytes } = chaos;
  const at = (corruptAtByte ?? -1) - passed;
  if (at >= 0 && at < chunk.length) chunk[at] = (chunk[at] as number) ^ 0xff;
  const end =
    Math.min(cutAfterBytes ?? Number.POSITIVE_INFINITY, resetAfterBytes ?? Number.POSITIVE_INFINITY) - passed;
  await write(client, end < chunk.length ? chunk.subarray(0, Math.max(0, end)) : chunk, chaos);
  if (end > chunk.length) return 'on';
  if (cutAfterBytes !== undefined && cutAfterBytes - passed <= end) client.end();
  else {
    // What was written must be on the wire before the reset overtakes it.
    await sleep(5);
    client.resetAndDestroy();
  }
  return 'over';
}

async function write(client: Socket, bytes: Buffer, { dripBytes, dripEveryMs }: Chaos): Promise<void> {
  if (!dripBytes) {
    client.write(bytes);
    return;
  }
  for (let i = 0; i < bytes.length && !client.destroyed; i += dripBytes) {
    client.write(bytes.subarray(i, i + dripBytes));
    await sleep(dripEveryMs ?? 10);
  }
}
