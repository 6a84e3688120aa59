import { createSocket } from 'node:dgram';

export interface NameServer {
  /** As `Resolver.setServers` wants it. */
  address: string;
  asked: string[];
  close(): void;
}

/** A name server of a test's own: what is not in the table is never answered; an empty list means that there is no such name. */
export function startNameServer(
  table: Record<string, { v4?: string[]; v6?: string[] }>,
): Promise<NameServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, from) => {
    const { name, type, end } = questionOf(query);
    asked.push(name);
    const entry = table[name];
    if (!entry) return;
    const addresses = type === 28 ? (entry.v6 ?? []) : type === 1 ? (entry.v4 ?? []) : [];
    const isKnown = Boolean(entry.v4?.length || entry.v6?.length);
    const head = Buffer.from(query.subarray(0, end));
    head.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2);
    head.writeUInt16BE(addresses.length, 6);
    head.writeUInt16BE(0, 8);
    head.writeUInt16BE(0, 10);
    socket.send(
      Buffer.concat([head, ...addresses.map((address) => answer(type, address))]),
      from.port,
      from.address,
    );
  });
  return new Promise((resolve) => {
    socket.bind(0, '127.0.0.1', () => {
      resolve({ address: `127.0.0.1:${socket.address().port}`, asked, close: () => socket.close() });
    });
  });
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answer(type: number, address: string): Buffer {
  const data = type === 28 ? v6Bytes(address) : Buffer.from(address.split('.').map(Number));
  const head = Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]);
  return Buffer.concat([head, data]);
}

/** Only the short form `::n` is needed. */
function v6Bytes(address: string): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16BE(Number.parseInt(address.replace('::', '') || '0', 16), 14);
  return bytes;
}
