import { addAsk, type Draft } from './draft.ts';
import type { Ask } from './plan.ts';
import type { Case, Look, State, Track } from './state.ts';

/** Which looks would settle a suspicion soonest. */

const soonMs = 200;
const mostNeighbours = 3;
const mostWatched = 24;

export function askAfter(state: State, draft: Draft, track: Track, look: Look): void {
  if (look.weight === 'good' && isContradiction(track, look)) askMore(state, draft, track);
  if (look.weight !== 'bad' || !isAskable(look)) return;
  const run = runOf(track);
  const asked = run.filter((one) => one.why === 'confirm').length;
  if (run.length === 1) askControls(state, draft, look);
  // A cause that others showed first still leaves this route's own circuit to be decided.
  const isDecided = track.cases.length > 0 && track.route?.circuit.state !== 'closed';
  if (asked < state.policy.confirm_times && !isDecided) {
    ask(state, draft, track, 'confirm', confirmWaitMs(state, look), `confirm: ${look.reason}`);
  }
  if (track.cases.length > 0) return;
  if (run.length === 2) askNeighbours(state, draft, track);
  askMore(state, draft, track);
}

/** Counted from its beginning, so that a slow failure is confirmed no later than a quick one. */
function confirmWaitMs({ policy, nowMs }: State, look: Look): number {
  return Math.max(policy.confirm_after_ms / 2, policy.confirm_after_ms - (nowMs - look.atMs));
}

/** The look just before it failed. */
function isContradiction(track: Track, look: Look): boolean {
  return track.cases.length === 0 && track.looks.at(-1) === look && track.looks.at(-2)?.weight === 'bad';
}

/** Neither well nor dead: only more looks can tell, for a shorter while where only one of them failed. */
function askMore(state: State, draft: Draft, track: Track): void {
  const unit = track.units.find((one) => one.kind === 'route');
  if (!unit || unit.sum <= 0 || (unit.bad < 2 && track.looks.at(-1)?.weight === 'bad')) return;
  addAsk(state, draft, {
    targetKey: track.key,
    why: 'slot',
    notBeforeMs: state.nowMs + state.policy.doubt_every_ms,
    everyMs: state.policy.doubt_every_ms,
    untilMs: state.nowMs + (unit.bad < 2 ? state.policy.doubt_ms : state.policy.suspicion_ms),
    reason: `${unit.bad} of ${unit.looks} checks failed`,
  });
}

/** A passive report or a hand-made look is a reason to look ourselves, once. */
function isAskable(look: Look): boolean {
  return look.class !== 'inconclusive';
}

function runOf(track: Track): Look[] {
  const run: Look[] = [];
  for (let i = track.looks.length - 1; i >= 0; i--) {
    const look = track.looks[i]!;
    if (look.weight === 'good') break;
    if (look.weight === 'bad') run.push(look);
  }
  return run;
}

/** Is it us? The controls say so within two seconds. */
function askControls(state: State, draft: Draft, look: Look): void {
  for (const track of state.tracks.values()) {
    if (track.probe === 'control' && !track.isRemoved) {
      ask(state, draft, track, 'confirm', soonMs, `is our own connection sound? ${look.reason}`);
    }
  }
}

/** Other routes of the same provider, of the same gateway, and the provider called directly. */
function askNeighbours(state: State, draft: Draft, track: Track): void {
  const others = [...state.tracks.values()].filter(
    (one) => one !== track && one.probe === 'completion' && !one.isRemoved && one.cases.length === 0,
  );
  const circles = [
    others.filter((one) => one.provider !== null && one.provider === track.provider),
    others.filter(
      (one) => one.gateway !== null && one.gateway === track.gateway && one.provider !== track.provider,
    ),
    others.filter((one) => one.model === track.model && one.provider !== track.provider),
  ];
  for (const circle of circles) {
    circle.sort(
      (a, b) => (a.looks.at(-1)?.endMs ?? 0) - (b.looks.at(-1)?.endMs ?? 0) || (a.id < b.id ? -1 : 1),
    );
    for (const one of circle.slice(0, mostNeighbours))
      ask(state, draft, one, 'neighbour', soonMs, `beside ${track.scopeId}`);
  }
  for (const one of state.tracks.values()) {
    const isKeyCheck = one.probe === 'account' || one.probe === 'catalog';
    if (isKeyCheck && one.account === track.account && !one.isRemoved)
      ask(state, draft, one, 'confirm', soonMs, 'its free checks');
  }
}

/** While an incident is open its targets are looked at often, so that its end is seen at once. */
export function askFaster(state: State, draft: Draft, one: Case): void {
  const { policy, nowMs } = state;
  if (one.incident.status !== 'open' || nowMs - one.askedAtMs < 30_000) return;
  one.askedAtMs = nowMs;
  const members = [...one.members].filter((track) => !track.isRemoved).sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const track of members.slice(0, mostWatched)) {
    addAsk(state, draft, {
      targetKey: track.key,
      why: 'slot',
      notBeforeMs: nowMs,
      everyMs: policy.incident_every_ms,
      untilMs: nowMs + 60_000,
      reason: one.incident.title,
    });
  }
}

const fewMembers = 3;
const closingMs = 60_000;

/** Everything failed until now, and this look did not: few routes would take minutes to show that it is over. */
export function askWhetherOver(state: State, draft: Draft, one: Case): void {
  const members = [...one.members].filter((track) => !track.isRemoved && track.probe === 'completion');
  if (one.nature !== 'failing' || members.length > fewMembers) return;
  for (const track of members) {
    addAsk(state, draft, {
      targetKey: track.key,
      why: 'slot',
      notBeforeMs: state.nowMs + state.policy.closing_every_ms,
      everyMs: state.policy.closing_every_ms,
      untilMs: state.nowMs + closingMs,
      reason: 'is it over?',
    });
  }
}

function ask(
  state: State,
  draft: Draft,
  track: Track,
  why: Ask['why'],
  afterMs: number,
  reason: string,
): void {
  addAsk(state, draft, {
    targetKey: track.key,
    why,
    notBeforeMs: state.nowMs + afterMs,
    everyMs: null,
    untilMs: null,
    reason,
  });
}
