import type { Socket } from 'node:net';

const sipBytes = 4_096;

/**
 * undici goes through everything it was handed even when a limit is passed on the way, and makes an error of each header
 * field beyond it: 64 kB of tiny fields cost a quarter of a second. In sips it costs a few milliseconds.
 */
export function readInSips(socket: Socket): void {
  const read = socket.read.bind(socket);
  socket.read = () => {
    if (socket.destroyed) return null;
    return read(Math.min(sipBytes, socket.readableLength) || undefined);
  };
}
