import { type Observation, passivePrefix } from '#lib/core/observation.ts';
import { parseObservation, toWire } from '#lib/core/observation-wire.ts';
import { targetKey } from '#lib/core/target.ts';
import { askWorker } from '#lib/ops/ask-worker.ts';
import { cleanLine } from '#lib/redact.ts';
import type { Exchange, Handler } from '../guard.ts';
import { json, Problem, type ProblemError } from '../reply.ts';

const mostLines = 2_000;
const oldestMs = 24 * 3_600_000;

/**
 * `POST /api/v1/observations`: one look per line, as the worker itself writes them down. All lines are taken or none.
 * A configured vantage speaks for itself and votes; everybody else is heard as passive, and about what is watched. The
 * same look sent twice is one look.
 */
export const pushObservations: Handler = (x) => {
  const lines = x.body
    .toString('utf8')
    .split('\n')
    .map((text, i) => ({ text: text.trim(), line: i + 1 }))
    .filter(({ text }) => text !== '');
  if (lines.length > mostLines) throw new Problem('too-large', `at most ${mostLines} looks at once`);
  const errors: ProblemError[] = [];
  const taken: Observation[] = [];
  for (const { text, line } of lines) {
    const read = readLine(text, x.nowMs);
    if (typeof read === 'string') errors.push({ line, field: fieldIn(read), detail: read });
    else taken.push(read);
    if (errors.length >= 20) break;
  }
  if (errors.length > 0)
    throw new Problem('invalid-body', `line ${errors[0]?.line}: ${errors[0]?.detail}`, { errors });
  // What others see of what nobody watches here would be published by nobody's decision.
  const isVantage = x.who?.startsWith('vantage:') ?? false;
  const keys = isVantage ? null : new Set(x.edge.live.facts().fleet.map((watched) => watched.key));
  const known = taken.filter((o) => keys === null || keys.has(targetKey(o.probe, o.target)));
  if (known.length > 0) handOver(x, known);
  return json({ accepted: known.length, ignored: taken.length - known.length }, {}, 202);
};

function readLine(text: string, nowMs: number): Observation | string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 'not JSON';
  }
  const parsed = parseObservation(body);
  if (!parsed.ok) return parsed.problem;
  const { observation } = parsed;
  if (observation.atMs > nowMs + 60_000) return 'at is in the future';
  if (observation.atMs < nowMs - oldestMs) return 'at is more than a day ago';
  return withoutSecrets(observation);
}

/** Which field a problem is about: it names it first. */
function fieldIn(problem: string): string {
  const name = /^(?:lacks )?(version|v|at|probe|target)\b/.exec(problem)?.[1] ?? '';
  return name === 'version' ? 'v' : name;
}

function withoutSecrets(o: Observation): Observation {
  if (!o.error?.message) return o;
  return { ...o, error: { ...o.error, message: cleanLine(o.error.message) } };
}

function handOver(x: Exchange, observations: Observation[]): void {
  const [kind, id] = (x.who ?? '').split(':');
  const isVantage = kind === 'vantage' && id !== undefined;
  const vantage = isVantage ? id : `${passivePrefix}${x.who ?? 'somebody'}`;
  const lines = observations.map((o) => toWire(isVantage ? o : { ...o, why: 'passive' }));
  askWorker({ store: x.edge.store, nowMs: x.nowMs }, 'observations', { vantage, lines }, x.who ?? 'somebody');
}
