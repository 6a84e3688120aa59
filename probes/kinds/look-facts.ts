import type { Watched } from '#lib/core/fleet.ts';
import type { ErrorFacts, Observation } from '#lib/core/observation.ts';
import { blankObservation, noTiming } from '#lib/core/observation.ts';
import type { HttpLook } from '#lib/http.ts';
import type { ProbeIo } from '../probe.ts';
import { readEdge } from './edge-facts.ts';

/** What every HTTP look says, whatever its kind. */
export function observe(
  watched: Watched,
  io: ProbeIo,
  look: HttpLook,
  more: Partial<Observation> & { atMs: number; keyed: boolean },
): Observation {
  return blankObservation({
    vantage: io.vantage,
    probe: watched.probe,
    target: watched.target,
    why: io.why,
    slot: io.slot,
    reached: look.reached,
    fault: look.fault,
    status: look.status,
    timing: { ...noTiming, ...look.timing },
    endpoint: watched.endpoint,
    family: look.family,
    edge: readEdge(look.headers, io.redact),
    stallMs: Math.round(io.clock.stallSince(look.startedMonoMs) * 10) / 10,
    ...more,
    error: more.error ?? ownTrouble(look),
  });
}

const ownCodes = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EADDRNOTAVAIL', 'EACCES', 'EPERM']);

/** What our own machine refused is said with its code, so that nobody takes it for the far side's. */
function ownTrouble({ faultCode }: HttpLook): ErrorFacts | null {
  if (faultCode === null || !ownCodes.has(faultCode)) return null;
  const nothing = { type: null, provider: null, limit: null, attempt: null, body: null, inBand: false };
  return { ...nothing, code: faultCode, message: `our own machine: ${faultCode}` };
}
