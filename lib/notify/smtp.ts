import type { Mailer } from './channel.ts';

export function createMailer(smtp: { url: string; from: string } | null): Mailer | null {
  return smtp === null ? null : null;
}
