import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A plain far side in a process of its own, so that its CPU is not counted as ours. */
const server = createServer((_req, res) => {
  res.writeHead(200, { 'content-type': 'text/plain', connection: 'close' });
  res.end('ok');
});
server.listen(0, '127.0.0.1', 4096, () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());
