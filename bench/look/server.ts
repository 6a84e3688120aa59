import { type AddressInfo, createServer, type Socket } from 'node:net';

/** The far side of the benchmark, in a process of its own and on bare sockets: it says itself when it did what. */

const wallMs = () => performance.timeOrigin + performance.now();

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.once('data', (head) => {
    const receivedMs = wallMs();
    const wait = /^GET \/wait\/(\d+)/.exec(head.toString('latin1', 0, 64));
    if (wait) return serveLater(socket, receivedMs, Number(wait[1]));
    socket.on('data', () => {});
    serveStream(socket);
  });
});

function serveLater(socket: Socket, receivedMs: number, delayMs: number): void {
  const answer = () => {
    const serviceMs = wallMs() - receivedMs;
    socket.end(`HTTP/1.1 200 OK\r\nx-service-ms: ${serviceMs}\r\ncontent-length: 2\r\n\r\nok`);
  };
  if (delayMs > 0) setTimeout(answer, delayMs);
  else answer();
}

function serveStream(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n: thinking\n\n');
  const sendTokens = (left: number) => {
    const said = { choices: [{ index: 0, delta: { content: 'x ' } }], system_fingerprint: String(wallMs()) };
    socket.write(`data: ${JSON.stringify({ id: 'bench', ...said })}\n\n`);
    if (left > 1) return void setTimeout(() => sendTokens(left - 1), 20 + Math.random() * 40);
    socket.end('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
  };
  setTimeout(() => sendTokens(20), 100 + Math.random() * 300);
}

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  process.send?.((server.address() as AddressInfo).port),
);
process.on('disconnect', () => process.exit(0));
