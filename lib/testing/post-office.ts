import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail server on loopback that keeps what it is handed, and refuses as its script says. */
export interface PostOffice {
  url: string;
  got: Posted[];
  close(): Promise<void>;
}

export interface Posted {
  from: string;
  to: string[];
  raw: string;
  headers: Record<string, string>;
  text: string;
}

export interface PostOfficeScript {
  /** An SMTP reply such as `451 4.7.1 later`, or null to accept. */
  onRecipient?: (address: string) => string | null;
  /** After the whole message: a reply, `drop` for a connection that dies unanswered, or null to accept. */
  onData?: (posted: Posted) => string | 'drop' | null;
  keep?: boolean;
  /** Where it stood before; a free place when absent. */
  port?: number;
}

export async function startPostOffice(script: PostOfficeScript = {}): Promise<PostOffice> {
  const got: Posted[] = [];
  const options: SMTPServerOptions = {
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onRcptTo(address, _session, done) {
      done(refusal(script.onRecipient?.(address.address) ?? null));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const posted = readMail(Buffer.concat(chunks).toString(), {
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((one) => one.address),
        });
        const answer = script.onData?.(posted) ?? null;
        if (answer === null || answer === 'drop') if (script.keep ?? true) got.push(posted);
        if (answer === 'drop') for (const one of server.connections) one.close();
        else done(refusal(answer));
      });
    },
  };
  const server = new SMTPServer(options) as SMTPServer & { connections: Set<{ close(): void }> };
  server.on('error', () => undefined);
  await new Promise<void>((go) => server.listen(script.port ?? 0, '127.0.0.1', () => go()));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    got,
    close: () => new Promise((go) => server.close(() => go())),
  };
}

function refusal(reply: string | null): Error | null {
  if (reply === null) return null;
  const match = /^(\d{3}) (.*)$/.exec(reply);
  return Object.assign(new Error(match?.[2] ?? reply), { responseCode: Number(match?.[1] ?? 550) });
}

function readMail(raw: string, envelope: { from: string; to: string[] }): Posted {
  const split = raw.indexOf('\r\n\r\n');
  const headers: Record<string, string> = {};
  for (const line of raw
    .slice(0, split)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const body = raw.slice(split + 4).replace(/=\r\n/g, '');
  const text = body.replace(/(?:=[0-9A-F]{2})+/g, (hex) =>
    Buffer.from(hex.replaceAll('=', ''), 'hex').toString(),
  );
  return { ...envelope, raw, headers, text };
}
