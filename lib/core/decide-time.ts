import { publishAll, publishMoving } from './decide-publish.ts';
import { addEvent, type Draft } from './draft.ts';
import { isSameScope } from './incident.ts';
import type { Scope } from './plan.ts';
import { evaluateRules } from './rule.ts';
import { noticeSentence } from './sentence.ts';
import type { Case, State, Unit } from './state.ts';
import { lastHour } from './state-unit.ts';
import { wilson, z } from './statistics.ts';

const scanEveryMs = 30_000;
const movingEveryMs = 1_000;
const noticeEveryMs = 300_000;
/** So long what is over keeps a pool from being noticed for the same failures. */
const lateMs = 3_600_000;
/** As long as a failure speaks for what is checked once an hour, one must know that it was told. */
const forgetMs = 6 * 3_600_000;

export function passTime(state: State, draft: Draft): void {
  const isFull = state.nowMs >= state.nextFullMs;
  if (isFull) {
    state.nextFullMs = state.nowMs + scanEveryMs;
    publishAll(state, draft);
  }
  const isMoving = publishMoving(state, draft);
  state.nextScanMs = Math.min(state.nextFullMs, isMoving ? state.nowMs + movingEveryMs : state.nextFullMs);
  evaluateRules(state, draft);
  if (state.nowMs >= state.nextNoticeMs) {
    state.nextNoticeMs = state.nowMs + noticeEveryMs;
    for (const unit of state.units.values()) notice(state, draft, unit);
    state.cases = state.cases.filter((one) => isWithin(state, one, forgetMs));
  }
}

function isWithin({ nowMs }: State, { incident }: Case, ms: number): boolean {
  return incident.status === 'open' || nowMs - (incident.resolvedAtMs ?? 0) < ms;
}

/** What persists below the bar is said once, without an incident. */
function notice(state: State, draft: Draft, unit: Unit): void {
  const { policy, nowMs } = state;
  if (unit.kind !== 'provider' && unit.kind !== 'gateway') return;
  const scope: Scope = { kind: unit.kind, id: unit.id };
  if (nowMs - (state.noticedAtMs.get(unit.key) ?? Number.NEGATIVE_INFINITY) < policy.notice_again_ms) return;
  if (
    state.cases.some(
      (one) =>
        isWithin(state, one, lateMs) &&
        (unit.tracks.some((track) => one.members.has(track)) || isSameScope(one.incident.scope, scope)),
    )
  )
    return;
  const hour = lastHour(unit, nowMs);
  if (hour.bad < policy.notice_failures || hour.span < 4) return;
  const least = Math.max(policy.notice_share, policy.notice_noise * state.noise.share);
  if (wilson(hour.bad, hour.looks, z.lower99).low < least) return;
  state.noticedAtMs.set(unit.key, nowMs);
  const sentence = noticeSentence(scope, hour.bad, hour.looks, policy.notice_window_ms);
  addEvent(state, draft, {
    id: `notice:${unit.key}:${nowMs}`,
    type: 'notice',
    scope,
    impact: 'degraded',
    sentence,
    startedAtMs: nowMs - policy.notice_window_ms,
    data: { failed: hour.bad, total: hour.looks },
  });
}
