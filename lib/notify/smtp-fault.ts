import { fault, type Sent } from './channel.ts';

interface SmtpError {
  code?: string;
  command?: string;
  response?: string;
  responseCode?: number;
  message?: string;
}

/** What the mail server's refusal means. Its text is not kept: it may quote the address. */
export function smtpFault(cause: unknown): Sent {
  const error = (typeof cause === 'object' && cause !== null ? cause : {}) as SmtpError;
  const status = typeof error.responseCode === 'number' ? error.responseCode : null;
  const enhanced = /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(error.response ?? '')?.[1] ?? null;
  if (status === null) return ofTransport(error);
  const said = `the mail server answered ${status}${enhanced ? ` ${enhanced}` : ''}`;
  return fault(`smtp_${status}`, said, {
    permanent: isAboutThisMail(error) && isPermanent(status, enhanced),
    disables: isAboutThisMail(error) && enhanced !== null && /^5\.1\.\d+$|^5\.7\.1$/.test(enhanced),
  });
}

/** A refusal at the door or of our own password says nothing about the recipient. */
function isAboutThisMail(error: SmtpError): boolean {
  return /^(RCPT TO|DATA)/.test(error.command ?? '') && error.code !== 'EAUTH';
}

/** 5.4.4 (no route just now) and 552 (mailbox full) pass by. */
function isPermanent(status: number, enhanced: string | null): boolean {
  return status >= 500 && status !== 552 && enhanced !== '5.4.4';
}

function ofTransport(error: SmtpError): Sent {
  const code = /^E[A-Z]{2,20}$/.test(error.code ?? '') ? (error.code as string) : 'ESMTP';
  const isTimeout = code === 'ETIMEDOUT' || /timeout/i.test(error.message ?? '');
  const words: Record<string, string> = {
    ETIMEDOUT: 'the mail server did not answer in time',
    ECONNECTION: 'the mail server cannot be reached',
    ESOCKET: 'the connection to the mail server broke',
    EDNS: 'the mail server’s name cannot be resolved',
    ETLS: 'no secure connection to the mail server',
    EAUTH: 'the mail server refused our password',
    ESENDER: 'smtp.from is no mail address',
    EABORT: 'called off',
  };
  return fault(code.toLowerCase(), words[code] ?? `mail could not be sent (${code})`, { isTimeout });
}
