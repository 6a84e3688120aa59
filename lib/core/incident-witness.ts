import type { Draft } from './draft.ts';
import { endedAtMs, type Observation } from './observation.ts';
import type { Evidence, Incident, Scope } from './plan.ts';
import type { State } from './state.ts';

/** What others say of a culprit, and how long before or after us they said it. Shown beside ours, never a veto. */

const mostClaims = 5_000;
const mostShown = 8;
/** A page that owns up this long after the end is still a witness of it. */
const lateMs = 3_600_000;

/** Who speaks for it: of a route, both its provider and its gateway. */
function ownersOf({ kind, id, via }: Scope): string[] {
  if (kind === 'gateway') return [id];
  if (kind === 'provider') return via ? [id, via] : [id];
  if (kind !== 'route') return [];
  const [gateway = '', provider = ''] = id.split('/');
  return [gateway, provider].filter((one) => one !== 'direct' && one !== 'any');
}

/** `leadMs`: how long before (+) or after (−) us they said so; null: they have not. */
export function witnessesOf(state: State, incident: Incident): Evidence['witnesses'] {
  const owners = ownersOf(incident.scope);
  const before = new Map(incident.evidence.witnesses.map((one) => [one.component, one]));
  const list: Evidence['witnesses'] = [];
  for (const [key, claim] of state.claims) {
    const [owner = '', component = ''] = key.split('\n');
    if (!owners.includes(owner)) continue;
    const isBad = claim.status !== 'operational' && claim.status !== 'unknown';
    // What a page once said of this fault stays said when it is green again.
    const leadMs = isBad ? incident.openedAtMs - claim.sinceMs : (before.get(component)?.leadMs ?? null);
    list.push({ component, status: claim.status, leadMs, ...(claim.by ? { by: claim.by } : {}) });
  }
  return list.sort((a, b) => Number(a.leadMs === null) - Number(b.leadMs === null)).slice(0, mostShown);
}

/** Remembers what pages claim; gives back whose word has changed. */
export function noteClaims(state: State, o: Observation): Set<string> {
  const changed = new Set<string>();
  if (o.claims === null) return changed;
  const owner =
    o.target.gateway === 'direct' || o.target.gateway === null ? o.target.provider : o.target.gateway;
  for (const claim of o.claims) {
    const speaker = claim.provider ?? owner ?? '';
    const key = `${speaker}\n${claim.component}`;
    const before = state.claims.get(key);
    if (before?.status === claim.status || (state.claims.size > mostClaims && !before)) continue;
    const by = o.probe === 'reported' ? o.target.gateway : null;
    state.claims.set(key, { status: claim.status, sinceMs: endedAtMs(o), by });
    changed.add(speaker);
  }
  return changed;
}

/** A page that speaks later than we did, or after it is over, is written down with the incident. */
export function hearWitnesses(state: State, draft: Draft, speakers: ReadonlySet<string>): void {
  if (speakers.size === 0 || state.isQuiet) return;
  for (const { incident } of state.cases) {
    if (state.nowMs - (incident.resolvedAtMs ?? state.nowMs) > lateMs) continue;
    if (!ownersOf(incident.scope).some((owner) => speakers.has(owner))) continue;
    incident.evidence.witnesses = witnessesOf(state, incident);
    draft.incidents.set(incident.id, incident);
  }
}
