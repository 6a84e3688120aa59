import { confidenceOf } from './confidence.ts';
import type { Draft } from './draft.ts';
import type { ComponentState } from './plan.ts';
import { blamedCase } from './route-state.ts';
import { nameOf } from './sentence.ts';
import { sayTime } from './sentence-time.ts';
import { ownChecksFail } from './sentence-words.ts';
import { type Case, expiryMs, type Look, presentFromMs, type State, type Track, type Unit } from './state.ts';
import { isOfPresent, judgeTarget } from './verdict.ts';
import type { ComponentKind, Verdict } from './words.ts';

/** Verdicts of everything that is no route: gateways, providers, models, lists, accounts, pages, addresses, ourselves. */

type Judgement = Pick<ComponentState, 'verdict' | 'reason' | 'confidence' | 'affectedBy' | 'incidentId'>;

/** What a component is called: models as the fleet spells them. */
function idOf(unit: Unit): string {
  if (unit.kind !== 'model') return unit.id;
  const through = unit.tracks.find((track) => !track.isDirect) ?? unit.tracks[0];
  return through?.target.model ?? unit.id;
}

export function refreshComponents(state: State, draft: Draft, units: Iterable<Unit>): void {
  for (const unit of units) {
    if (unit.kind === 'plane' || isCalm(state, unit)) continue;
    unit.judgedAtMs = state.nowMs;
    if (unit.kind === 'route') {
      const [track] = unit.tracks;
      if (track?.route) unit.component = put(state, draft, 'route', track.scopeId, routeJudgement(track));
      continue;
    }
    unit.component = put(state, draft, unit.kind, idOf(unit), unitJudgement(state, unit));
  }
}

/** Said lately, still true, and nothing about to change. */
function isCalm(state: State, unit: Unit): boolean {
  if (unit.component === null || state.nowMs - unit.component.updatedAtMs >= refreshEveryMs) return false;
  const { verdict, confidence } = unit.component;
  if (verdict !== 'operational' || confidence.level === 'none' || confidence.level === 'low') return false;
  for (const track of unit.tracks) {
    if (track.probe !== 'completion') continue;
    if (track.cases.length > 0 || track.isRemoved || track.route?.verdict !== 'operational') return false;
    const last = track.looks.at(-1);
    if (!last || last.endMs < state.nowMs - expiryMs(state, track)) return false;
  }
  return true;
}

function routeJudgement(track: Track): Judgement {
  const { verdict, reason, confidence, affectedBy, incidentId } = track.route!;
  return { verdict, reason, confidence, affectedBy, incidentId };
}

function unitJudgement(state: State, unit: Unit): Judgement {
  const tracks = unit.tracks.filter((track) => !track.isRemoved && track.probe === 'completion');
  const fresh = tracks.filter((track) => isFresh(state, track));
  const own = ownCase(state, unit);
  const confidence = confidenceOf(
    fresh.flatMap((track) => recent(state, track)),
    state.policy,
  );
  if (own) {
    const { impact, reason, id } = own.incident;
    return { verdict: impact, reason, confidence, affectedBy: null, incidentId: id };
  }
  if (fresh.length === 0) {
    return {
      verdict: 'unknown',
      reason: whyUnknown(state, tracks),
      confidence,
      affectedBy: null,
      incidentId: null,
    };
  }
  const clear = fresh.filter((track) => blamedCase(track)?.nature !== 'failing');
  if (clear.length === 0) return hidden(fresh[0]!, confidence);
  return { ...clearJudgement(state, unit, clear), confidence, affectedBy: null, incidentId: null };
}

/** Seen only through something that is at fault itself: nothing can be said. */
function hidden(track: Track, confidence: ComponentState['confidence']): Judgement {
  const { incident } = blamedCase(track)!;
  const key = `${incident.scope.kind}:${incident.scope.id}`;
  const reason =
    incident.scope.kind === 'account'
      ? ownChecksFail
      : `seen only through ${nameOf(incident.scope.id)}, which is at fault itself`;
  return { verdict: 'unknown', reason, confidence, affectedBy: key, incidentId: incident.id };
}

function clearJudgement(state: State, unit: Unit, tracks: Track[]): { verdict: Verdict; reason: string } {
  let good = 0;
  let all = 0;
  let sinceMs = state.nowMs;
  for (const track of tracks) {
    for (const look of recent(state, track)) {
      if (look.weight !== 'good' && look.weight !== 'bad') continue;
      all += 1;
      sinceMs = Math.min(sinceMs, look.atMs);
      if (look.weight === 'good') good += 1;
    }
  }
  const known = tracks.filter((track) => track.route && track.route.verdict !== 'unknown');
  const down = known.filter((track) => track.route!.verdict === 'major_outage');
  const reason = `${good} of ${all} checks worked in ${sayTime(Math.max(1_000, state.nowMs - sinceMs))}`;
  if (known.length === 0 || all === 0)
    return { verdict: 'unknown', reason: tracks[0]?.route?.reason ?? reason };
  if (good === 0)
    return { verdict: 'unknown', reason: `${all - good} of ${all} checks failed; not confirmed yet` };
  // Below the bar of an incident a pool is fine; one dead route of it is the route's own verdict.
  const isMostlyDown = unit.kind !== 'gateway' && 2 * down.length > known.length;
  return { verdict: isMostlyDown ? 'degraded' : 'operational', reason };
}

function whyUnknown(state: State, tracks: Track[]): string {
  const last = Math.max(0, ...tracks.map((track) => track.looks.at(-1)?.endMs ?? 0));
  return last === 0 ? 'not checked yet' : `not checked for ${sayTime(state.nowMs - last)}`;
}

function ownCase(state: State, unit: Unit): Case | undefined {
  const id = idOf(unit);
  return state.cases.find(
    (one) =>
      one.incident.status === 'open' &&
      one.incident.scope.kind === unit.kind &&
      (one.incident.scope.id === id || one.incident.scope.id === unit.id),
  );
}

function isFresh(state: State, track: Track): boolean {
  const last = track.looks.at(-1);
  return last !== undefined && last.endMs >= state.nowMs - expiryMs(state, track);
}

function recent(state: State, track: Track): Look[] {
  const fromMs = presentFromMs(state, track);
  return track.looks.filter((look) => look.endMs >= fromMs && isOfPresent(state, track, look));
}

const singleKinds = { catalog: 'catalog', official: 'official', http: 'http', heartbeat: 'http' } as const;

/** Targets that are components by themselves. */
export function refreshSingle(state: State, draft: Draft, track: Track): void {
  if (!(track.probe in singleKinds)) return;
  const kind = singleKinds[track.probe as keyof typeof singleKinds];
  const id = track.isDirect
    ? `direct/${track.target.provider}`
    : (track.target.gateway ?? track.target.provider ?? '');
  const judged = judgeTarget(state, track);
  const one = blamedCase(track);
  put(state, draft, kind, id, {
    verdict: kind === 'official' ? officialVerdict(state, track, judged.verdict) : judged.verdict,
    reason: judged.reason,
    confidence: judged.confidence,
    affectedBy: null,
    incidentId: one?.incident.id ?? null,
  });
}

const worst: Record<string, number> = {
  operational: 0,
  maintenance: 1,
  degraded: 2,
  partial_outage: 3,
  major_outage: 4,
};

/** What the page itself says: the worst of its components. */
function officialVerdict(state: State, track: Track, read: Verdict): Verdict {
  if (read === 'unknown') return read;
  const owner =
    track.target.gateway === 'direct' || track.target.gateway === null
      ? track.target.provider
      : track.target.gateway;
  let verdict: Verdict = 'operational';
  for (const [key, claim] of state.claims) {
    if (!key.startsWith(`${owner}\n`)) continue;
    if ((worst[claim.status] ?? -1) > (worst[verdict] ?? 0)) verdict = claim.status as Verdict;
  }
  return verdict;
}

export function refreshOwn(state: State, draft: Draft): void {
  if (draft.incidents.size === 0 && state.nowMs < state.nextOwnMs) return;
  state.nextOwnMs = state.nowMs + ownEveryMs;
  for (const account of state.accounts.values()) {
    const tracks = account.tracks.filter((track) => !track.isRemoved && isFresh(state, track));
    const keyed = tracks.flatMap((track) => recent(state, track).filter((look) => look.keyed));
    const scopeId = account.id.split('#')[0]!;
    const own = openCase(state, 'account', scopeId);
    const isSeen = keyed.some((look) => look.weight === 'good');
    put(state, draft, 'account', account.id, {
      verdict: own ? own.incident.impact : isSeen ? 'operational' : 'unknown',
      reason: own ? own.incident.reason : isSeen ? 'the key works' : 'no check with this key lately',
      confidence: confidenceOf(keyed, state.policy),
      affectedBy: null,
      incidentId: own?.incident.id ?? null,
    });
  }
  for (const vantage of state.vantages.values()) {
    const own = openCase(state, 'prober', vantage.id);
    put(state, draft, 'prober', vantage.id, {
      verdict: vantage.isBlind ? 'major_outage' : own ? 'degraded' : 'operational',
      reason: own?.incident.reason ?? 'our own connection works',
      confidence: confidenceOf([], state.policy),
      affectedBy: null,
      incidentId: own?.incident.id ?? null,
    });
  }
}

function openCase(state: State, kind: ComponentKind, id: string): Case | undefined {
  return state.cases.find(
    (one) =>
      one.incident.status === 'open' && one.incident.scope.kind === kind && one.incident.scope.id === id,
  );
}

const ownEveryMs = 90_000;
const refreshEveryMs = 300_000;

/** Written when it changed, and now and then for its numbers. */
export function put(
  state: State,
  draft: Draft,
  kind: ComponentKind,
  id: string,
  judged: Judgement & { chain?: ComponentState['chain'] },
): ComponentState {
  const key = `${kind}:${id}`;
  const before = state.components.get(key);
  const isSame =
    before !== undefined &&
    before.verdict === judged.verdict &&
    before.affectedBy === judged.affectedBy &&
    before.incidentId === judged.incidentId &&
    before.confidence.level === judged.confidence.level &&
    isSameChain(before.chain, judged.chain ?? null);
  if (before && isSame && state.nowMs - before.updatedAtMs < refreshEveryMs) return before;
  const next: ComponentState = {
    kind,
    id,
    sinceMs: before && before.verdict === judged.verdict ? before.sinceMs : state.nowMs,
    chain: null,
    updatedAtMs: state.nowMs,
    ...judged,
  };
  state.components.set(key, next);
  draft.components.set(key, next);
  return next;
}

function isSameChain(a: ComponentState['chain'], b: ComponentState['chain']): boolean {
  if (a === null || b === null) return a === b;
  return a.step === b.step && a.usable === b.usable && a.independent === b.independent;
}
