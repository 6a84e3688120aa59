import type { OutcomeClass } from './outcome-words.ts';
import type { AccountState, Look, State, Track } from './state.ts';

/**
 * Is it our key? Only if every keyed look is refused, steadily, while key-less looks work. Refusals mixed with answers
 * or with server errors on the same key are the far side's, whatever they say.
 */

const plainRefusals: readonly OutcomeClass[] = ['no_credit', 'key_limit', 'unauthorized'];
const blockedClasses: readonly OutcomeClass[] = [...plainRefusals, 'forbidden', 'limited_key'];

export function isHeldClass(outcomeClass: OutcomeClass): boolean {
  return outcomeClass === 'unauthorized_doubtful';
}

export function isRefused(look: Look): boolean {
  return look.class === 'unauthorized_doubtful' || isPlainRefusal(look);
}

function isPlainRefusal(look: Look): boolean {
  return look.keyed && plainRefusals.includes(look.class) && look.blame !== 'nobody';
}

/** The account's own trouble, its limits included. */
export function isAccountTrouble(look: Look): boolean {
  if (look.class === 'unauthorized_doubtful') return true;
  return (
    look.keyed && blockedClasses.includes(look.class) && (look.blame === 'account' || look.blame === 'prober')
  );
}

/** A refused key of which nothing more was known, even if our key is held to be at fault by now. */
export function wasDoubtful(look: Look): boolean {
  if (look.class === 'unauthorized_doubtful') return true;
  return (
    look.class === 'unauthorized' && look.status === 401 && look.blame === 'account' && look.named === null
  );
}

export interface AccountFinding {
  verdict: AccountState['verdict'];
  startAtMs: number;
  refused: Look[];
  total: number;
  isLimit: boolean;
}

const recentMs = 600_000;

/** Looks at everything the key was used for lately. */
export function judgeAccount(state: State, account: AccountState): AccountFinding {
  const looks = keyedLooks(state, account);
  const trouble = looks.filter(isAccountTrouble);
  const fine: AccountFinding = {
    verdict: 'fine',
    startAtMs: 0,
    refused: [],
    total: looks.length,
    isLimit: false,
  };
  const last = trouble.at(-1);
  if (!last) return fine;
  const run = refusalRun(looks);
  const plain = run.filter((look) => !wasDoubtful(look));
  if (plain.length >= state.policy.account_clear_looks) {
    const isLimit = plain.every((look) => look.class === 'limited_key');
    return { verdict: 'account', startAtMs: run[0]!.atMs, refused: run, total: run.length, isLimit };
  }
  if (!trouble.some(wasDoubtful)) return fine;
  if (isFarSide(state, account, looks, trouble)) return { ...fine, verdict: 'gateway', refused: trouble };
  return { ...fine, ...steady(state, account, run), refused: run, total: run.length };
}

function steady(
  state: State,
  account: AccountState,
  run: Look[],
): { verdict: AccountState['verdict']; startAtMs: number } {
  const { policy } = state;
  const first = run[0];
  const last = run.at(-1);
  if (!first || !last) return { verdict: 'undecided', startAtMs: 0 };
  const routes = account.tracks.filter((track) => !track.isRemoved && track.looks.length > 0).length;
  const least = Math.max(4, Math.min(24, policy.account_looks * routes));
  const isLong = last.endMs - first.atMs >= policy.account_span_ms;
  const keyless = keylessLooks(state, account, first.atMs);
  // While key-less looks fail, however few, the key is not the difference.
  const isEnough = run.length >= least && isLong && (keyless.bad === 0 || keyless.good > keyless.bad);
  return { verdict: isEnough ? 'account' : 'undecided', startAtMs: first.atMs };
}

/** The unbroken run of refusals up to now, earliest first. */
function refusalRun(looks: Look[]): Look[] {
  let from = looks.length;
  for (let i = looks.length - 1; i >= 0; i--) {
    const look = looks[i]!;
    if (isAccountTrouble(look)) from = i;
    else if (look.weight === 'good' && !isOverlapping(look, looks, from)) break;
  }
  return looks.slice(from).filter(isAccountTrouble);
}

/** A look that began before the first refusal could still succeed: it had its key accepted already. */
function isOverlapping(good: Look, looks: Look[], from: number): boolean {
  const first = looks[from];
  return first !== undefined && good.atMs <= first.atMs && good.endMs > first.atMs;
}

/** Answers, server errors or failing key-less looks beside the refusals. One of them alone is noise, or a key that dies slowly. */
function isFarSide(state: State, account: AccountState, looks: Look[], trouble: Look[]): boolean {
  const doubtful = trouble.filter(wasDoubtful);
  const first = doubtful[0]!;
  const last = doubtful.at(-1)!;
  const answered = looks.filter(
    (look) => look.weight === 'good' && look.atMs > first.atMs && look.atMs < last.atMs,
  );
  if (answered.length >= 2 || answered.some((look) => look.atMs > first.atMs + 20_000)) return true;
  const failed = looks.filter((look) => isServers(look) && look.endMs >= first.atMs - precursorMs);
  if (failed.length >= 3) return true;
  return keylessFails(state, account, first.atMs) || otherKeyFails(state, account, first);
}

function isServers(look: Look): boolean {
  if (look.weight !== 'bad' || look.isNetwork || look.class === 'unauthorized_doubtful') return false;
  return (look.blame === 'gateway' || look.blame === 'unknown') && (look.status ?? 0) >= 500;
}

const precursorMs = 180_000;

function keylessFails(state: State, account: AccountState, sinceMs: number): boolean {
  const { bad, good } = keylessLooks(state, account, sinceMs);
  return bad >= 2 && bad > good;
}

function keylessLooks(state: State, account: AccountState, sinceMs: number): { bad: number; good: number } {
  let bad = 0;
  let good = 0;
  for (const unit of state.units.get(`plane:${account.id}`)?.tracks ?? []) {
    for (const look of unit.looks) {
      if (look.keyed || look.atMs < sinceMs) continue;
      if (look.weight === 'bad' && !look.isNetwork) bad += 1;
      if (look.weight === 'good') good += 1;
    }
  }
  return { bad, good };
}

/** A second, independent key of the same gateway that is refused from the same moment. */
function otherKeyFails(state: State, account: AccountState, first: Look): boolean {
  for (const other of state.accounts.values()) {
    if (other === account || other.gateway !== account.gateway || account.gateway === 'direct') continue;
    const latest = other.tracks
      .flatMap((track) => track.looks.slice(-1))
      .filter((look) => look.endMs > first.atMs);
    if (latest.length > 0 && latest.every(isRefused)) return true;
  }
  return false;
}

function keyedLooks(state: State, account: AccountState): Look[] {
  const sinceMs = state.nowMs - recentMs;
  const looks: Look[] = [];
  for (const track of account.tracks) collect(track, sinceMs, looks);
  return looks.sort((a, b) => a.endMs - b.endMs || a.atMs - b.atMs);
}

function collect(track: Track, sinceMs: number, into: Look[]): void {
  for (let i = track.looks.length - 1; i >= 0; i--) {
    const look = track.looks[i]!;
    if (look.endMs < sinceMs) return;
    if (look.keyed && look.weight !== 'neutral' ? true : isAccountTrouble(look)) into.push(look);
  }
}
