import { isAccountTrouble, judgeAccount } from './culprit-account.ts';
import { sightOf, takeBack } from './culprit-prober.ts';
import type { Draft } from './draft.ts';
import { isSameScope, openIncident, refineIncident, resolveIncident } from './incident.ts';
import { sayTime } from './sentence-time.ts';
import { stallReason } from './sentence-words.ts';
import type { AccountState, Case, Look, State, Track, VantageState } from './state.ts';
import { vantageFor } from './state-create.ts';

/** Faults of our own: the connection, the process, the key. The operator hears of them, nobody else. */

export function decideSight(state: State, draft: Draft, look: Look): void {
  const vantage = vantageFor(state, look.vantage);
  const sight = sightOf(state, vantage);
  if (sight.isBlind && !vantage.isBlind) {
    vantage.isBlind = true;
    vantage.blindSinceMs = firstDark(state, vantage);
    const reason = `${sight.failing} of ${sight.seen} places do not answer`;
    const hasty = hastyCase(state, vantage);
    takeBack(state, vantage.id, vantage.blindSinceMs);
    if (hasty && !proberCase(state, vantage.id)) correctHasty(state, draft, hasty, vantage, reason);
    else openProber(state, draft, vantage, vantage.blindSinceMs, reason);
  } else if (vantage.isBlind && !sight.isBlind && sight.seen > 0 && 2 * sight.failing < sight.seen) {
    vantage.isBlind = false;
    vantage.seeingSinceMs = state.nowMs;
    const one = proberCase(state, vantage.id);
    if (one) {
      one.firstGoodMs = look.endMs;
      resolveIncident(state, draft, one);
    }
  }
}

/** Somebody else was blamed moments ago for what our own network did. */
function hastyCase(state: State, vantage: VantageState): Case | undefined {
  const fromMs = (vantage.blindSinceMs ?? state.nowMs) - 30_000;
  return state.cases.find((one) => {
    if (one.incident.status !== 'open' || !one.incident.isPublic || one.incident.startedAtMs < fromMs)
      return false;
    const bad = [...one.members].flatMap((track) =>
      track.looks.filter((look) => look.weight === 'bad' && look.atMs >= one.incident.startedAtMs),
    );
    return bad.every((look) => look.isNetwork && look.vantage === vantage.id);
  });
}

function correctHasty(state: State, draft: Draft, one: Case, vantage: VantageState, reason: string): void {
  refineIncident(state, draft, one, {
    scope: { kind: 'prober', id: vantage.id },
    nature: 'failing',
    members: [],
    startedAtMs: one.incident.startedAtMs,
    confidence: 'high',
    candidates: [],
    impact: 'major_outage',
    reason,
  });
}

function firstDark(state: State, vantage: VantageState): number {
  let sinceMs = state.nowMs;
  for (const track of state.tracks.values()) {
    for (let i = track.looks.length - 1; i >= 0; i--) {
      const look = track.looks[i]!;
      if (look.vantage !== vantage.id) continue;
      if (!look.isNetwork) break;
      if (look.endMs >= state.nowMs - 180_000) sinceMs = Math.min(sinceMs, look.atMs);
    }
  }
  return sinceMs;
}

function proberCase(state: State, id: string): Case | undefined {
  return state.cases.find(
    (one) => one.incident.status === 'open' && isSameScope(one.incident.scope, { kind: 'prober', id }),
  );
}

function openProber(
  state: State,
  draft: Draft,
  vantage: VantageState,
  startedAtMs: number,
  reason: string,
): void {
  if (state.isQuiet || proberCase(state, vantage.id)) return;
  openIncident(state, draft, {
    scope: { kind: 'prober', id: vantage.id },
    nature: 'failing',
    members: [],
    startedAtMs,
    confidence: 'high',
    candidates: [],
    impact: 'major_outage',
    reason,
  });
}

/** Looks spoiled by our own process standing still. */
export function noteStall(state: State, draft: Draft, look: Look): void {
  const vantage = vantageFor(state, look.vantage);
  if (look.class !== 'inconclusive' || vantage.isBlind) {
    if (vantage.stalls.length > 0 && look.weight === 'good') endStalls(state, draft, vantage, look);
    return;
  }
  const { policy } = state;
  vantage.stalls = [...vantage.stalls.filter((at) => at > look.endMs - policy.stall_window_ms), look.endMs];
  if (vantage.stalls.length < policy.stall_looks) return;
  const reason = stallReason(vantage.stalls.length);
  openProber(state, draft, vantage, vantage.stalls[0]!, reason);
}

function endStalls(state: State, draft: Draft, vantage: VantageState, look: Look): void {
  const last = vantage.stalls.at(-1) ?? 0;
  if (look.endMs - last < 60_000) return;
  vantage.stalls = [];
  const one = proberCase(state, vantage.id);
  if (!one || vantage.isBlind) return;
  one.firstGoodMs = look.endMs;
  resolveIncident(state, draft, one);
}

/** Is the key at fault? Asked with every refusal, and with every good look while that is open. */
export function decideAccount(state: State, draft: Draft, track: Track, look: Look): void {
  const account = track.account === null ? undefined : state.accounts.get(track.account);
  if (!account) return;
  const isRelevant = isAccountTrouble(look) || (account.verdict !== 'fine' && look.weight !== 'neutral');
  if (!isRelevant) return;
  const finding = judgeAccount(state, account);
  account.verdict = finding.verdict;
  if (finding.verdict === 'account') openAccount(state, draft, account, finding);
  else if (finding.verdict === 'gateway') correctAccount(state, draft, account, finding);
}

type Finding = ReturnType<typeof judgeAccount>;

function scopeIdOf(account: AccountState): string {
  return account.id.split('#')[0]!;
}

function accountCase(state: State, account: AccountState): Case | undefined {
  const scope = { kind: 'account', id: scopeIdOf(account) } as const;
  return state.cases.find((one) => one.incident.status === 'open' && isSameScope(one.incident.scope, scope));
}

function openAccount(state: State, draft: Draft, account: AccountState, finding: Finding): void {
  if (state.isQuiet || accountCase(state, account)) return;
  const first = finding.refused[0]!;
  const spanMs = finding.refused.at(-1)!.endMs - first.atMs;
  const what = first.reason;
  openIncident(state, draft, {
    scope: { kind: 'account', id: scopeIdOf(account) },
    nature: 'failing',
    members: account.tracks.filter((track) => !track.isRemoved),
    startedAtMs: first.atMs,
    confidence: finding.refused.some((look) => look.class !== 'unauthorized_doubtful') ? 'high' : 'medium',
    candidates: [],
    impact: finding.isLimit ? 'degraded' : 'major_outage',
    reason: `${finding.refused.length} of ${finding.total} checks with this key were refused ${spanMs < 1_000 ? 'at once' : `in ${sayTime(spanMs)}`}: ${what}`,
  });
}

/** An answer came through, or a server error with it: it was the far side after all. */
function correctAccount(state: State, draft: Draft, account: AccountState, finding: Finding): void {
  const one = accountCase(state, account);
  if (!one || account.gateway === 'direct') return;
  // An empty account that was filled again was empty, whatever the gateway did before.
  const isDoubtful = finding.refused.some(
    (look) => look.class === 'unauthorized_doubtful' && look.endMs >= one.incident.startedAtMs,
  );
  if (!isDoubtful) return;
  const members = [...state.tracks.values()].filter(
    (track) => track.gateway === account.gateway && track.probe === 'completion' && !track.isRemoved,
  );
  refineIncident(state, draft, one, {
    scope: { kind: 'gateway', id: account.gateway },
    nature: 'failing',
    members,
    startedAtMs: one.incident.startedAtMs,
    confidence: 'medium',
    candidates: [
      { kind: 'gateway', id: account.gateway },
      { kind: 'account', id: account.gateway },
    ],
  });
}
