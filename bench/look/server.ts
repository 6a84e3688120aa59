import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The far side of the benchmark, in a process of its own: it says itself when it did what. */

const wallMs = () => performance.timeOrigin + performance.now();

const server = createServer((req, res) => {
  const receivedMs = wallMs();
  const url = new URL(req.url ?? '/', 'http://bench');
  if (url.pathname.startsWith('/wait/')) {
    const answer = () => {
      res.writeHead(200, { 'x-service-ms': String(wallMs() - receivedMs), 'content-length': '2' });
      res.end('ok');
    };
    const delayMs = Number(url.pathname.slice(6));
    if (delayMs > 0) setTimeout(answer, delayMs);
    else answer();
    return;
  }
  req.resume();
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  res.write(': thinking\n\n');
  const firstMs = 100 + Math.random() * 300;
  setTimeout(() => sendTokens(20), firstMs);
  const sendTokens = (left: number) => {
    const sentAtMs = wallMs();
    const chunk = {
      id: 'bench',
      choices: [{ index: 0, delta: { content: 'x ' } }],
      system_fingerprint: String(sentAtMs),
    };
    res.write(`data: ${JSON.stringify(chunk)}\n\n`);
    if (left > 1) return void setTimeout(() => sendTokens(left - 1), 20 + Math.random() * 40);
    res.end('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
  };
});
server.listen(0, '127.0.0.1', 4096, () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
