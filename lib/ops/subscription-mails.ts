import type { OpsIo } from './ops-io.ts';

/** How often an address that never said yes may be written to: once a day, three times ever. Kept as a keyed hash alone. */

const dayMs = 86_400_000;
const mostEver = 3;
const mostChallengesADay = 5;

interface Counted {
  count: number;
  lastMs: number;
}

function readCount(io: OpsIo, key: string): Counted {
  const found = io.store.people.takeToken(key, 'asked', io.nowMs, false);
  const [count = 0, lastMs = 0] = (found?.subject ?? '').split(' ').map(Number);
  return { count, lastMs };
}

/** Counts and allows, or neither. */
export function admitMail(io: OpsIo, key: string): boolean {
  if (io.store.people.takeToken(key, 'bounced', io.nowMs, false)) return false;
  const { count, lastMs } = readCount(io, key);
  if (count >= mostEver || (count > 0 && io.nowMs - lastMs < dayMs)) return false;
  put(io, key, { count: count + 1, lastMs: io.nowMs });
  return true;
}

/** A machine is asked five times a day, however often somebody has it asked; whoever builds one tries more than once. */
export function admitChallenge(io: OpsIo, key: string): boolean {
  const { count, lastMs } = readCount(io, key);
  const isNewDay = io.nowMs - lastMs >= dayMs;
  if (!isNewDay && count >= mostChallengesADay) return false;
  // The day begins with its first question.
  put(io, key, isNewDay ? { count: 1, lastMs: io.nowMs } : { count: count + 1, lastMs });
  return true;
}

/** Somebody said yes: from now on only the daily limit counts. */
export function forgetMails(io: OpsIo, key: string): void {
  put(io, key, { count: 1, lastMs: readCount(io, key).lastMs });
}

/** The mail server says that nobody lives there: nothing more is sent for a season, whoever asks. */
export function suppressAddress(io: Pick<OpsIo, 'store' | 'nowMs'>, key: string): void {
  io.store.people.putToken({
    hash: key,
    purpose: 'bounced',
    subject: '',
    expiresAtMs: io.nowMs + 90 * dayMs,
    scopes: [],
  });
}

function put(io: OpsIo, key: string, { count, lastMs }: Counted): void {
  io.store.people.putToken({
    hash: key,
    purpose: 'asked',
    subject: `${count} ${lastMs}`,
    expiresAtMs: null,
    scopes: [],
  });
}
