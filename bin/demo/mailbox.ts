import { createServer, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { closeServer, listen } from '#probes/sim/main.ts';
import type { Places } from './places.ts';
import { createSmtpReceiver, readMail } from './smtp-receiver.ts';

/** What was sent to anybody: nothing leaves this machine. */
export interface Letter {
  atMs: number;
  channel: 'email' | 'slack' | 'webhook' | 'other';
  to: string;
  subject: string;
  text: string;
}

export interface Mailbox {
  letters: Letter[];
  close(): Promise<void>;
}

const kept = 500;

export async function startMailbox(places: Places, nowMs: () => number): Promise<Mailbox> {
  const letters: Letter[] = [];
  const add = (letter: Omit<Letter, 'atMs'>): void => {
    letters.unshift({ atMs: nowMs(), ...letter });
    letters.length = Math.min(letters.length, kept);
  };
  const smtp = createSmtpReceiver((mail) => {
    add({ channel: 'email', to: mail.to.join(', '), ...readMail(mail.raw) });
  });
  const open = new Set<Socket>();
  smtp.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  const web = createServer((req, res) => {
    void bodyOf(req).then((body) => {
      add(readPost(req.url ?? '/', body));
      res.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
    });
  });
  await listen(web, places.mailbox);
  await new Promise<void>((resolve, reject) => {
    smtp.once('error', reject);
    smtp.listen(places.smtp, places.host, resolve);
  });
  return {
    letters,
    close: async () => {
      // A sender keeps its connection for the next mail; nobody waits for that here.
      for (const socket of open) socket.destroy();
      await Promise.all([closeServer(web), new Promise((resolve) => smtp.close(resolve))]);
    },
  };
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of req) {
    length += (part as Buffer).length;
    if (length < 1_000_000) parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

function readPost(path: string, body: string): Omit<Letter, 'atMs'> {
  const channel = path.startsWith('/slack') ? 'slack' : path.startsWith('/webhook') ? 'webhook' : 'other';
  const parsed = parse(body);
  const line = firstText(parsed) ?? '(no text)';
  return {
    channel,
    to: path,
    subject: line.slice(0, 300),
    text: JSON.stringify(parsed, null, 1).slice(0, 4_000),
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return { body: body.slice(0, 1_000) };
  }
}

/** The sentence of a message, wherever its channel puts it. */
function firstText(value: unknown): string | null {
  const o = value as {
    text?: unknown;
    type?: unknown;
    data?: { text?: unknown };
  } | null;
  for (const candidate of [o?.text, o?.data?.text, o?.type]) {
    if (typeof candidate === 'string' && candidate !== '') return candidate;
  }
  return null;
}
