import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';

export interface Loopback {
  url: string;
  port: number;
  close(): void;
}

/** A small HTTP server of a test's own. */
export function serveHttp(listener: RequestListener): Promise<Loopback> {
  const server = createServer(listener);
  return listening(server, () => server.closeAllConnections());
}

/** A server that writes whatever bytes it likes: what no HTTP library would send. */
export function serveTcp(onSocket: (socket: Socket) => void): Promise<Loopback> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    onSocket(socket);
  });
  return listening(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

/** Answers the first bytes of every connection with a fixed text, then ends it. */
export function serveRaw(answer: string | Buffer): Promise<Loopback> {
  return serveTcp((socket) => socket.once('data', () => socket.end(answer)));
}

export function listening(server: Server, cut: () => void): Promise<Loopback> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const close = () => {
        server.close();
        cut();
      };
      resolve({ url: `http://127.0.0.1:${port}`, port, close });
    });
  });
}
