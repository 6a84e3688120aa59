import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createTrusted } from './http.ts';
import { serveHttp, serveTcp } from './testing/loopback.ts';

const http = createTrusted();

/** A listener whose process stands still and whose queue is full: the system drops every further SYN. */
async function blackHole(): Promise<{ port: number; close(): Promise<void> }> {
  const script =
    "require('node:net').createServer().listen({port:0,host:'127.0.0.1',backlog:1},function(){process.stdout.write(String(this.address().port))})";
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(said.toString());
  child.kill('SIGSTOP');
  const queue: Socket[] = [];
  for (let i = 0; i < 4; i++) queue.push(connect(port, '127.0.0.1').on('error', () => undefined));
  await new Promise((done) => setTimeout(done, 100));
  return {
    port,
    async close() {
      for (const socket of queue) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

// Seen red with both clocks of the connection taken away: the look's own end came instead.
test('N2: a SYN that nobody answers ends at our own limit, as a timeout and no status', async () => {
  const hole = await blackHole();
  try {
    const look = await http.request({
      url: `http://127.0.0.1:${hole.port}/`,
      limits: { connectMs: 200, firstByteMs: 5_000, totalMs: 9_000 },
    });
    expect(look).toMatchObject({ fault: 'timeout', faultCode: 'CONNECT_TIMEOUT', status: null });
    expect(['none', 'resolved']).toContain(look.reached);
    expect(look.timing.totalMs).toBeLessThan(3_000);
  } finally {
    await hole.close();
  }
});

// Seen red with sockets not destroyed, neither by the clock nor at the look's end.
test('N3: a thousand looks at a server that accepts and is silent leave no socket behind', async () => {
  let open = 0;
  const server = await serveTcp((socket) => {
    open += 1;
    socket.resume();
    socket.on('close', () => {
      open -= 1;
    });
  });
  const limits = { connectMs: 2_000, firstByteMs: 20, totalMs: 3_000 };
  for (let round = 0; round < 20; round++) {
    const looks = await Promise.all(
      Array.from({ length: 50 }, () => http.request({ url: server.url, limits })),
    );
    expect(looks.every((look) => look.fault === 'timeout' && look.status === null)).toBe(true);
  }
  for (let i = 0; i < 100 && open > 0; i++) await new Promise((done) => setTimeout(done, 20));
  expect(open).toBe(0);
  server.close();
});

// Seen red with sockets kept and used for the next look.
test('N7: a server that closes every connection it kept idle is up all the time', async () => {
  const server = await serveHttp((request, response) => {
    response.setHeader('connection', 'keep-alive');
    response.end('ok', () => setImmediate(() => request.socket.destroy()));
  });
  for (let i = 0; i < 30; i++) {
    expect(await http.request({ url: server.url })).toMatchObject({ status: 200, fault: null });
    if (i % 3 === 0) await new Promise((done) => setTimeout(done, 5));
  }
  server.close();
});
