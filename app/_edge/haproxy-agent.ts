import net from 'node:net';
import { agentLine } from '#lib/exports/haproxy.ts';
import type { Edge } from './edge.ts';
import { exportAsk } from './routes/export.ts';

const mostBytes = 8_192;
const patienceMs = 2_000;

/** HAProxy's agent check over TCP: one line of ids in, one line out, and the connection ends. */
export function haproxyAgent(edge: Edge): net.Server {
  const server = net.createServer((socket) => {
    let text = '';
    socket.setEncoding('latin1').setTimeout(patienceMs, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > mostBytes) socket.destroy();
      else if (text.includes('\n')) {
        const ids = (text.split('\n')[0] ?? '')
          .split(',')
          .map((id) => id.trim())
          .filter(Boolean);
        socket.end(agentLine({ ...exportAsk(edge, new Map()), ids }));
      }
    });
  });
  server.maxConnections = 1_000;
  return server;
}
