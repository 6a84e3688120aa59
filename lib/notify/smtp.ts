import { parseMailAddress } from '../core/mail-address.ts';
import type { Mail, Mailer, Sent } from './channel.ts';
import { smtpFault } from './smtp-fault.ts';

type Transport = import('nodemailer').Transporter;

const limits = {
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 20_000,
  dnsTimeout: 5_000,
  socketCloseTimeout: 2_000,
};

/** `Signalbox <status@example.com>` or the address alone. */
export function parseSender(from: string): { name: string; address: string } | null {
  const match = /^([^<>\r\n"]{0,100})<([^<>]+)>$/.exec(from.trim());
  const address = parseMailAddress(match ? (match[2] as string) : from);
  return address === null ? null : { name: match?.[1]?.trim() ?? '', address };
}

/** The configured mail server, through a small pool of connections. */
export function createMailer(smtp: { url: string; from: string } | null): Mailer | null {
  if (smtp === null) return null;
  const sender = parseSender(smtp.from);
  // Loaded now, in calm: the first mail is sent in the middle of trouble.
  let transport: Promise<Transport> | null = null;
  const open = async (): Promise<Transport> => {
    const { createTransport } = await import('nodemailer');
    return createTransport({
      url: smtp.url,
      pool: true,
      maxConnections: 10,
      maxMessages: 500,
      // A repeat is ours to decide: the outbox counts tries and keeps the id.
      maxRequeues: 0,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...limits,
    } as Parameters<typeof createTransport>[0]) as Transport;
  };
  transport = open();
  transport.catch(() => undefined);
  return {
    async send(mail) {
      if (!sender) return smtpFault({ code: 'ESENDER', message: 'smtp.from is no mail address' });
      transport ??= open();
      return hand(await transport, sender, mail);
    },
    close() {
      void transport?.then((one) => one.close());
      transport = null;
    },
  };
}

async function hand(
  transport: Transport,
  sender: { name: string; address: string },
  mail: Mail,
): Promise<Sent> {
  const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1);
  const root = mail.threadId === null ? null : `<${mail.threadId}@${domain}>`;
  try {
    const info = await transport.sendMail({
      envelope: { from: sender.address, to: [mail.to] },
      from: sender,
      to: { name: '', address: mail.to },
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      messageId: `<${mail.id}@${domain}>`,
      ...(root ? { inReplyTo: root, references: root } : {}),
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', ...mail.headers },
      signal: mail.signal,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return { ok: true, note: `the mail server took it (${String(info.response).slice(0, 3)})` };
  } catch (cause) {
    return smtpFault(cause);
  }
}
