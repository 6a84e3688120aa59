import type { AccountFound, CoreEvent } from './plan.ts';
import { nameOf } from './sentence-words.ts';

/** What the account's own figures foretell, said when a mark is passed and not again until it was left. */

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Hours of credit at the present rate. */
const creditMarksH = [72, 24, 6, 0];
const expiryMarksDays = [7, 1];
/** Bought credit lapses after a year, however little is used. */
export const creditLifeDays = 365;
/** Share of the day's free requests that is left. */
const freeMarkShare = 0.1;

interface Warning {
  mark: string;
  sentence: string;
  reason: string;
  data: Record<string, unknown>;
}

export function accountWarnings(
  account: string,
  before: (AccountFound & { atMs: number }) | null,
  now: AccountFound,
  atMs: number,
): CoreEvent[] {
  const name = nameOf(account);
  const warnings = [
    creditWarning(name, before, now, atMs),
    expiryWarning(name, before, now, atMs),
    freeWarning(name, before, now, atMs),
  ];
  return warnings.filter((warning) => warning !== null).map((warning) => eventOf(account, warning, atMs));
}

function eventOf(account: string, { mark, sentence, reason, data }: Warning, atMs: number): CoreEvent {
  return {
    // One a day of each kind: figures that waver around a mark are one warning.
    id: `account:${account}:${mark}:${Math.floor(atMs / dayMs)}`,
    type: 'account.warning',
    atMs,
    scope: { kind: 'account', id: account },
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: false,
    sentence,
    reason,
    startedAtMs: null,
    expiresAtMs: null,
    data: { account, ...data },
  };
}

/** Hours until nothing is left: at today's rate, once today is an hour old; at what was spent since the last look else. */
export function creditHours(
  before: (AccountFound & { atMs: number }) | null,
  now: AccountFound,
  atMs: number,
): number | null {
  const left = now.limitRemainingUsd;
  if (left === null) return null;
  if (left <= 0) return 0;
  const rate = ratePerHour(before, now, atMs);
  if (rate === null || rate <= 0) return null;
  const hours = left / rate;
  // A limit that begins anew before it is used up is never used up.
  if (hours > hoursToReset(now.limitReset, atMs)) return null;
  return Math.min(hours, creditLifeDays * 24);
}

/** Hours until the key's limit begins anew (UTC, weeks on Mondays); endless for one that never does. */
function hoursToReset(reset: string | null, atMs: number): number {
  const at = new Date(atMs);
  const dayStartMs = Math.floor(atMs / dayMs) * dayMs;
  switch (reset?.toLowerCase()) {
    case 'daily':
      return (dayStartMs + dayMs - atMs) / hourMs;
    case 'weekly':
      return (dayStartMs + (7 - ((at.getUTCDay() + 6) % 7)) * dayMs - atMs) / hourMs;
    case 'monthly':
      return (Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1) - atMs) / hourMs;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

function ratePerHour(
  before: (AccountFound & { atMs: number }) | null,
  now: AccountFound,
  atMs: number,
): number | null {
  const sinceMidnightMs = atMs % dayMs;
  if (now.usageDailyUsd !== null && sinceMidnightMs >= hourMs) {
    return now.usageDailyUsd / (sinceMidnightMs / hourMs);
  }
  if (!before || before.usageUsd === null || now.usageUsd === null || atMs - before.atMs < 30_000)
    return null;
  return Math.max(0, now.usageUsd - before.usageUsd) / ((atMs - before.atMs) / hourMs);
}

function creditWarning(
  name: string,
  before: (AccountFound & { atMs: number }) | null,
  now: AccountFound,
  atMs: number,
): Warning | null {
  const hours = creditHours(before, now, atMs);
  if (hours === null) return null;
  const mark = lowest(creditMarksH, hours);
  if (mark === null) return null;
  const hoursBefore = before ? creditHours(null, before, before.atMs) : null;
  if (hoursBefore !== null && lowest(creditMarksH, hoursBefore) === mark) return null;
  const left = `${(now.limitRemainingUsd ?? 0).toFixed(2)} USD`;
  return {
    mark: `credit-${mark}h`,
    sentence:
      hours <= 0
        ? `Nothing is left on our account with ${name}: calls will be refused.`
        : `Credit with ${name} lasts about ${sayHours(hours)} at the present rate (${left} left).`,
    reason:
      mark === 0
        ? 'the remaining limit is used up'
        : `what is left on the limit lasts less than ${mark} hours at the present rate`,
    data: { what: 'credit', hours, limitRemainingUsd: now.limitRemainingUsd },
  };
}

function expiryWarning(
  name: string,
  before: (AccountFound & { atMs: number }) | null,
  now: AccountFound,
  atMs: number,
): Warning | null {
  if (now.expiresAtMs === null) return null;
  const days = (now.expiresAtMs - atMs) / dayMs;
  const mark = lowest(expiryMarksDays, days);
  if (mark === null) return null;
  if (
    before?.expiresAtMs === now.expiresAtMs &&
    lowest(expiryMarksDays, (now.expiresAtMs - before.atMs) / dayMs) === mark
  ) {
    return null;
  }
  const date = new Date(now.expiresAtMs).toISOString().slice(0, 10);
  return {
    mark: `expiry-${mark}d-${date}`,
    sentence:
      days <= 0 ? `The key for ${name} expired on ${date}.` : `The key for ${name} expires on ${date}.`,
    reason: mark === 1 ? 'less than a day is left' : `fewer than ${mark} days are left`,
    data: { what: 'key_expiry', expiresAtMs: now.expiresAtMs },
  };
}

function freeWarning(
  name: string,
  before: (AccountFound & { atMs: number }) | null,
  now: AccountFound,
  atMs: number,
): Warning | null {
  const free = now.freeDaily;
  if (!free || now.isFreeTier !== true || !isLow(free)) return null;
  // Yesterday's shortage says nothing about today.
  const isSameDay = before !== null && Math.floor(before.atMs / dayMs) === Math.floor(atMs / dayMs);
  if (isSameDay && before.freeDaily && isLow(before.freeDaily)) return null;
  return {
    mark: 'free',
    sentence: `${free.remaining} of ${free.limit} free requests with ${name} are left until midnight UTC.`,
    reason: 'a tenth or less of the day’s free requests is left',
    data: { what: 'free_requests', ...free },
  };
}

function isLow({ remaining, limit }: { remaining: number; limit: number }): boolean {
  return limit > 0 && remaining <= limit * freeMarkShare;
}

/** The lowest mark that has been passed. */
function lowest(marks: readonly number[], value: number): number | null {
  const passed = marks.filter((mark) => value <= mark);
  return passed.length ? Math.min(...passed) : null;
}

function sayHours(hours: number): string {
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return hours >= 2 ? `${Math.floor(hours)} hours` : `${Math.max(1, Math.floor(hours * 60))} minutes`;
}
