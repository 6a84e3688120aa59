import type { ProbeKind } from '#lib/core/observation.ts';
import { blankObservation, type Observation } from '#lib/core/observation.ts';
import type { Found } from '#lib/core/plan.ts';
import type { Http } from '#lib/http.ts';
import { cleanFound } from './clean-found.ts';
import type { LoopClock } from './clock.ts';
import type { Run } from './plan-of-target.ts';
import type { Probe, ProbeIo } from './probe.ts';

/** One look from beginning to end. Whatever goes wrong on our own side ends as an observation that blames nobody. */

export interface RunnerIo {
  vantage: string;
  probes: Partial<Record<ProbeKind, Probe>>;
  http: Http;
  clock: LoopClock;
  random: () => number;
  keyOf(keyName: string | null): string | null;
  /** Knows every configured secret: a far side may echo another one than its own. */
  redact?(text: string): string;
}

export interface Looked {
  observation: Observation;
  found: Found[];
  /** What failed on our own side, if anything did. */
  localError: string | null;
  /** Timed out while our own loop stood still: says nothing, and is to be looked at again at once. */
  isInconclusive: boolean;
}

/** A probe that outlives its own limit by this long is cut off from outside. */
const backstopMs = 5_000;

export async function look(
  run: Run,
  extra: { memory: Map<string, unknown>; controller: AbortController } & Pick<ProbeIo, 'suspicion'>,
  io: RunnerIo,
): Promise<Looked> {
  const { watched } = run;
  const probe = io.probes[watched.probe];
  const atMs = io.clock.nowMs();
  const startMono = io.clock.monoMs();
  const about = {
    atMs,
    vantage: io.vantage,
    probe: watched.probe,
    target: watched.target,
    slot: run.slot,
    why: run.why,
  };
  const backstop = setTimeout(
    () => extra.controller.abort(new Error('limit')),
    watched.timeoutMs + backstopMs,
  );
  try {
    if (!probe) throw new Error(`no probe of kind ${watched.probe}`);
    const { observation, found } = await probe(watched, {
      vantage: io.vantage,
      why: run.why,
      slot: run.slot,
      key: io.keyOf(watched.keyName),
      signal: extra.controller.signal,
      timeoutMs: watched.timeoutMs,
      http: io.http,
      clock: io.clock,
      random: io.random,
      memory: extra.memory,
      ...(io.redact ? { redact: io.redact } : {}),
      ...(extra.suspicion ? { suspicion: extra.suspicion } : {}),
    });
    const stallMs = Math.max(observation.stallMs, io.clock.stallSince(startMono));
    return {
      observation: withStall(observation, stallMs),
      // Redacted before the first write, whatever the probe forgot.
      found: (found ?? []).map((one) => cleanFound(one, io.redact)),
      localError: localCode(observation.error?.code),
      isInconclusive: isDrowned(observation, stallMs, watched.timeoutMs),
    };
  } catch (cause) {
    const localError = describe(cause);
    const totalMs = Math.round((io.clock.monoMs() - startMono) * 10) / 10;
    return {
      observation: ownFault(blankObservation(about), localError, totalMs, io.clock.stallSince(startMono)),
      found: [],
      localError,
      isInconclusive: false,
    };
  } finally {
    clearTimeout(backstop);
  }
}

/** Above max(25 ms, 5 %) of standing still, the look says nothing about speed. */
function withStall(o: Observation, stallMs: number): Observation {
  const limit = Math.max(25, 0.05 * (o.timing.totalMs ?? 0));
  return { ...o, stallMs, tainted: o.tainted || stallMs > limit };
}

/** A limit of which a fifth was spent standing still ourselves was not the far side's to keep. */
function isDrowned(o: Observation, stallMs: number, timeoutMs: number): boolean {
  const limitMs = Math.min(timeoutMs, o.timing.totalMs ?? timeoutMs);
  return o.fault === 'timeout' && stallMs >= 0.2 * limitMs;
}

function ownFault(o: Observation, text: string, totalMs: number, stallMs: number): Observation {
  return {
    ...o,
    fault: 'aborted',
    error: {
      code: 'local',
      type: null,
      message: text,
      provider: null,
      limit: null,
      attempt: null,
      body: null,
      inBand: false,
    },
    timing: { ...o.timing, totalMs },
    stallMs,
    tainted: true,
  };
}

const localCodes = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOBUFS',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
  'local',
]);

function localCode(code: string | null | undefined): string | null {
  return code && localCodes.has(code) ? code : null;
}

/** Name and code only: a message of ours may hold what the far side sent. */
function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown error';
  const code = (cause as NodeJS.ErrnoException).code;
  return typeof code === 'string' ? `${cause.name} ${code}` : cause.name;
}
