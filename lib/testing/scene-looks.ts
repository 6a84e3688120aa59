import { blankObservation, type Observation } from '../core/observation.ts';
import type { OutcomeClass } from '../core/outcome-words.ts';
import { type TargetRef, targetKey } from '../core/target.ts';
import type { ClassPoint, DayBar, SeriesPoint, StoredLook } from '../store.ts';

/** Invented checks and history: the same for the same target and minute, so that pictures can be compared. */

const dayMs = 86_400_000;

export function noise(text: string): number {
  let hash = 2_166_136_261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 4_294_967_296;
}

export interface Trouble {
  target: TargetRef;
  fromMs: number;
  toMs: number;
  share: number;
  outcome: OutcomeClass;
  status: number | null;
  message: string | null;
}

export function troubleAt(troubles: Trouble[], key: string, atMs: number): Trouble | null {
  const found = troubles.find(
    (t) => targetKey('completion', t.target) === key && atMs >= t.fromMs && atMs < t.toMs,
  );
  return found && noise(`${key}${atMs}trouble`) < found.share ? found : null;
}

export function sceneLook(target: TargetRef, atMs: number, trouble: Trouble | null): StoredLook {
  const key = targetKey('completion', target);
  const base = 180 + 900 * noise(key);
  const firstTokenMs = Math.round(base * (0.8 + 0.5 * noise(`${key}${atMs}`)));
  const observation: Observation = blankObservation({
    atMs,
    vantage: 'fra1',
    probe: 'completion',
    target,
    slot: Math.floor(atMs / 60_000),
    family: 4,
    timing: {
      dnsMs: 2.1,
      connectMs: 8.4,
      tlsMs: 15,
      headersMs: trouble ? 240 : firstTokenMs - 140,
      firstByteMs: trouble ? 241 : firstTokenMs - 120,
      firstReasoningMs: null,
      firstTokenMs: trouble ? null : firstTokenMs,
      worstGapMs: trouble ? null : 61,
      totalMs: trouble ? 260 : firstTokenMs + 480,
    },
    reached: trouble ? 'headers' : 'done',
    status: trouble ? trouble.status : 200,
    error: trouble && {
      code: trouble.status === null ? null : String(trouble.status),
      type: null,
      message: trouble.message,
      provider: null,
      limit: null,
      attempt: 1,
      body: 'json',
      inBand: false,
    },
    served: trouble ? null : { provider: target.provider, model: target.model },
    output: trouble ? null : { tokens: 12, reasoningTokens: 0, finish: 'stop', done: true, answer: 'match' },
    costUsd: trouble ? null : 0.0000123,
  });
  return { observation, targetKey: key, outcome: trouble?.outcome ?? 'ok' };
}

export function sceneBar(key: string, day: number): DayBar {
  const luck = noise(`${key}${day}bar`);
  const badS = luck > 0.985 ? 5_400 : luck > 0.96 ? 900 : 0;
  const unknownS = luck < 0.01 ? 40_000 : 0;
  return {
    targetKey: key,
    dayMs: day,
    measuredS: 86_400 - unknownS,
    badS,
    degradedS: luck > 0.93 && luck <= 0.96 ? 3_000 : 0,
    limitedS: 0,
    unknownS,
    worst:
      badS > 3_600 ? 'major_outage' : badS > 0 ? 'partial_outage' : luck > 0.93 ? 'degraded' : 'operational',
  };
}

export function sceneSeries(key: string, fromMs: number, toMs: number, points: number): SeriesPoint[] {
  const stepMs = (toMs - fromMs) / points;
  const base = 180 + 900 * noise(key);
  return Array.from({ length: points }, (_, i) => {
    const wave = 1 + 0.15 * Math.sin(i / 7) + 0.1 * noise(`${key}${i}`);
    return {
      atMs: Math.round(fromMs + i * stepMs),
      n: 12,
      p50: base * wave,
      p95: base * wave * 1.8,
      p99: points > 200 ? null : base * wave * 2.6,
    };
  });
}

export function sceneClasses(key: string, fromMs: number, toMs: number, points: number): ClassPoint[] {
  const stepMs = (toMs - fromMs) / points;
  return Array.from({ length: points }, (_, i) => {
    const luck = noise(`${key}${i}class`);
    const bad: Record<string, number> =
      luck > 0.96 ? { http_5xx: 3, timeout_first_token: 1 } : luck > 0.9 ? { limited_upstream: 2 } : {};
    return { atMs: Math.round(fromMs + i * stepMs), counts: { ok: 12, ...bad } };
  });
}

export function dayStart(atMs: number): number {
  return Math.floor(atMs / dayMs) * dayMs;
}
