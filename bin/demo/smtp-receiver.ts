import { createServer, type Server, type Socket } from 'node:net';

export interface ReceivedMail {
  from: string;
  to: string[];
  raw: string;
}

const mostBytes = 1_000_000;

/** As much of SMTP as a sender on the same machine needs; everything is accepted and kept, nothing goes on. */
export function createSmtpReceiver(receive: (mail: ReceivedMail) => void): Server {
  return createServer((socket) => {
    socket.setEncoding('utf8');
    socket.setTimeout(60_000, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    converse(socket, receive);
  });
}

function converse(socket: Socket, receive: (mail: ReceivedMail) => void): void {
  let mail: ReceivedMail = { from: '', to: [], raw: '' };
  let isData = false;
  let rest = '';
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  say('220 demo mailbox');
  socket.on('data', (chunk: string) => {
    rest += chunk;
    if (rest.length > mostBytes) return void socket.destroy();
    for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (isData) isData = takeData(line);
      else command(line);
    }
  });

  function takeData(line: string): boolean {
    if (line !== '.') {
      mail.raw += `${line.startsWith('..') ? line.slice(1) : line}\r\n`;
      return mail.raw.length < mostBytes;
    }
    receive(mail);
    mail = { from: '', to: [], raw: '' };
    say('250 kept');
    return false;
  }

  function command(line: string): void {
    const verb = line.slice(0, 4).toUpperCase();
    const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (verb === 'EHLO' || verb === 'HELO') say('250 demo');
    else if (verb === 'MAIL') {
      mail = { from: address, to: [], raw: '' };
      say('250 ok');
    } else if (verb === 'RCPT') {
      mail.to.push(address);
      say('250 ok');
    } else if (verb === 'DATA') {
      isData = true;
      say('354 go on');
    } else if (verb === 'QUIT') {
      say('221 bye');
      socket.end();
    } else say(verb === 'RSET' || verb === 'NOOP' ? '250 ok' : '502 not here');
  }
}

/** Subject and readable text of a mail: enough for a list, no mail reader. */
export function readMail(raw: string): { subject: string; text: string } {
  const split = raw.indexOf('\r\n\r\n');
  const head = raw.slice(0, split).replace(/\r\n[ \t]+/g, ' ');
  const subject = decodeWords(/^Subject: (.*)$/im.exec(head)?.[1] ?? '(no subject)');
  return {
    subject,
    text: textPart(head, raw.slice(split + 4))
      .trim()
      .slice(0, 4_000),
  };
}

function textPart(head: string, body: string): string {
  const boundary = /boundary="?([^";\r\n]+)"?/i.exec(head)?.[1];
  if (!boundary) return decodeBody(head, body);
  for (const part of body.split(`--${boundary}`)) {
    const split = part.indexOf('\r\n\r\n');
    const partHead = part.slice(0, split).replace(/\r\n[ \t]+/g, ' ');
    if (/multipart\//i.test(partHead)) return textPart(partHead, part.slice(split + 4));
    if (/text\/plain/i.test(partHead)) return decodeBody(partHead, part.slice(split + 4));
  }
  return body;
}

function decodeBody(head: string, body: string): string {
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  if (!/quoted-printable/i.test(head)) return body;
  return bytesOf(body.replace(/=\r\n/g, ''));
}

function bytesOf(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, how: string, word: string) =>
      how.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('utf8')
        : bytesOf(word.replaceAll('_', ' ')),
    );
}
