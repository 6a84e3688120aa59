import { isAccountTrouble, judgeAccount, wasDoubtful } from './culprit-account.ts';
import type { Draft } from './draft.ts';
import { isSameScope, openIncident, refineIncident, resolveIncident, widenIncident } from './incident.ts';
import { sayTime } from './sentence-time.ts';
import type { AccountState, Case, Look, State, Track } from './state.ts';

/** Faults of our own key. The operator hears of them, nobody else. */

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
    (look) => wasDoubtful(look) && look.endMs >= one.incident.startedAtMs,
  );
  if (!isDoubtful) return;
  const members = [...state.tracks.values()].filter(
    (track) => track.gateway === account.gateway && track.probe === 'completion' && !track.isRemoved,
  );
  const scope = { kind: 'gateway', id: account.gateway } as const;
  const told = state.cases.find(
    (other) => other.incident.status === 'open' && isSameScope(other.incident.scope, scope),
  );
  if (told) {
    widenIncident(state, draft, told, members);
    resolveIncident(state, draft, one, 'It was the gateway, told there.');
    return;
  }
  refineIncident(state, draft, one, {
    scope,
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
