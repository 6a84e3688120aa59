import ipaddr from 'ipaddr.js';
import cron from 'node-cron';
import { z } from 'zod';

/** Shapes of single values. What a shape refuses it refuses in words that say what was expected. */

const unitMs = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
} as const;

export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w|y)$/.exec(text.trim());
  if (!match) return null;
  return Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]);
}

/** `30s`, `5m`, `2y` → milliseconds. */
export const duration = z.string().transform((text, ctx) => {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  ctx.addIssue({ code: 'custom', message: 'a duration such as 30s, 5m or 2h' });
  return z.NEVER;
});

function between(least: string, most: string) {
  const leastMs = parseDuration(least) ?? 0;
  const mostMs = parseDuration(most) ?? 0;
  return duration.refine((ms) => ms >= leastMs && ms <= mostMs, `a duration from ${least} to ${most}`);
}

/** Between two looks: no far side is asked faster, and no slot lies beyond what a timer can hold. */
export const interval = between('1s', '7d');
/** How long one look may take. */
export const limit = between('100ms', '10m');
/** How long something is kept: less than an hour would take what is judged by. */
export const kept = between('1h', '100y');
export const keptOrForever = z.union([z.literal('forever').transform(() => null), kept]);

export const url = z.url({ protocol: /^https?$/ });
/** Keys travel in headers: a line break or a letter from elsewhere in one is a slip of the clipboard. */
export const secret = z
  .string()
  .trim()
  .min(1)
  .regex(/^[\x21-\x7e]+$/, 'a key of printable characters, without spaces')
  .nullable();
export const slug = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'lower-case letters, digits, dots and dashes');
export const impact = z.enum(['degraded', 'partial_outage', 'major_outage']);

const scopeKinds = ['gateway', 'provider', 'model', 'route', 'chain', 'account', 'http', 'prober'];
/** `provider:groq`: what a channel, a rule or planned work is about. */
export const scope = z
  .string()
  .regex(new RegExp(`^(${scopeKinds.join('|')}):.+$`), `kind:id, the kind one of ${scopeKinds.join(', ')}`);

export const colour = z.string().regex(/^#[0-9a-f]{3,8}$/i, 'a colour such as #0a6cff');
export const picture = z
  .string()
  .regex(/^(https:\/\/|\/(?!\/)|data:image\/)/, 'an https address of a picture');
export const timeZone = z.string().refine(isTimeZone, 'a time zone such as Europe/Berlin');
export const calendarRule = z
  .string()
  .refine((text) => cron.validate(text), 'a cron pattern such as "0 3 * * 0"');
export const instant = z
  .string()
  .refine((text) => Number.isFinite(Date.parse(text)), 'an instant such as 2026-12-24T02:00:00Z');
export const network = z.string().refine(isNetwork, 'an address or a network such as 10.0.0.0/8');
export const mailServer = z
  .string()
  .regex(/^smtps?:\/\/[^\s/]+/i, 'an address such as smtps://user:password@mail.example.com:465');
export const sender = z.string().regex(/^[^\r\n]*[^\s<>@]+@[^\s<>@]+>?$/, 'a mail address');

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

function isNetwork(text: string): boolean {
  return text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text);
}
