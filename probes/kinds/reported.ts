import type { Watched } from '#lib/core/fleet.ts';
import { asCount, asList, decodeText, parseJson } from '#lib/core/loose.ts';
import type { Claim, Observation } from '#lib/core/observation.ts';
import type { Found } from '#lib/core/plan.ts';
import { extractError } from '#lib/error-facts.ts';
import type { HttpLook } from '#lib/http.ts';
import { redactFamilies } from '#lib/redact.ts';
import { readRetryAfter } from '../dialects/retry-after.ts';
import type { Probe, ProbeIo } from '../probe.ts';
import { claimOfEndpoint, readEndpointList } from './endpoint-list.ts';
import { bodyKindOf } from './foreign-text.ts';
import { observe } from './look-facts.ts';

const inFlight = 8;
/** A watch list longer than this is read over several looks. */
const mostPerLook = 80;
/** Figures of half an hour do not change faster than this matters. */
const keptMs = 10 * 60_000;

interface Answer {
  model: string;
  look: HttpLook;
  text: string;
  endpoints: ReturnType<typeof readEndpointList>;
}

/** The gateway's own uptime and speed per endpoint: a free witness, shown beside our figures. */
export const reported: Probe = async (watched, io) => {
  const atMs = io.clock.nowMs();
  const answers = await askAll(watched, io, modelsOf(watched, io));
  const kept =
    (io.memory.get('claims') as Map<string, { atMs: number; claims: Claim[] }> | undefined) ?? new Map();
  io.memory.set('claims', kept);
  const found: Found[] = [];
  const gateway = watched.target.gateway ?? '';
  for (const { model, endpoints } of answers) {
    if (!endpoints) continue;
    found.push({ kind: 'endpoints', gateway, model, endpoints });
    kept.set(model, { atMs, claims: endpoints.map(claimOfEndpoint) });
  }
  for (const [model, { atMs: readAtMs }] of kept) if (atMs - readAtMs > keptMs) kept.delete(model);
  const claims = [...kept.values()].flatMap((k) => k.claims);
  return { observation: describe(watched, io, answers, { atMs, claims }), found };
};

/** The watched models every time; of the rest of the catalogue a few, in turns. */
function modelsOf({ options }: Watched, io: ProbeIo): string[] {
  const texts = (value: unknown) => asList(value).filter((m): m is string => typeof m === 'string');
  const watched = turn(texts(options.models), mostPerLook, 'turn', io);
  return [...watched, ...turn(texts(options.others), asCount(options.othersPerLook) ?? 0, 'others', io)];
}

function turn(models: string[], perLook: number, name: string, io: ProbeIo): string[] {
  if (models.length <= perLook) return models;
  const from = Number(io.memory.get(name) ?? 0) % models.length;
  io.memory.set(name, from + perLook);
  return Array.from({ length: perLook }, (_, i) => models[(from + i) % models.length] as string);
}

async function askAll(watched: Watched, io: ProbeIo, models: string[]): Promise<Answer[]> {
  const waiting = [...models];
  const answers: Answer[] = [];
  const untilMono = io.clock.monoMs() + io.timeoutMs;
  const work = async (): Promise<void> => {
    for (let model = waiting.shift(); model !== undefined; model = waiting.shift()) {
      const leftMs = untilMono - io.clock.monoMs();
      if (leftMs < 50 && answers.length > 0) return;
      answers.push(await ask(watched, io, model, Math.max(50, leftMs)));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  return answers;
}

async function ask(watched: Watched, io: ProbeIo, model: string, totalMs: number): Promise<Answer> {
  const path = model.split('/').map(encodeURIComponent).join('/');
  const look = await io.http.request({
    url: `${watched.baseUrl.replace(/\/+$/, '')}/models/${path}/endpoints`,
    headers: { accept: 'application/json', ...(io.key ? { authorization: `Bearer ${io.key}` } : {}) },
    signal: io.signal,
    limits: { firstByteMs: totalMs, totalMs, wireBytes: 2 << 20, bodyBytes: 2 << 20 },
  });
  const text = look.status === 304 ? '' : decodeText(look.body);
  const endpoints = look.status === 200 && !look.fault ? readEndpointList(parseJson(text), model) : null;
  return { model, look, text, endpoints };
}

/** One look stands for all: a good one if any was good, because a single withdrawn model says nothing about the rest. */
function describe(
  watched: Watched,
  io: ProbeIo,
  answers: Answer[],
  more: { atMs: number; claims: Claim[] },
): Observation {
  const best = answers.find((a) => a.endpoints) ?? answers[0];
  if (!best) throw new Error('a reported look without a model');
  const { look, text, endpoints } = best;
  const isMalformed = !endpoints && !look.fault && look.status !== null && look.status < 400;
  return observe(watched, io, look, {
    ...more,
    keyed: io.key !== null,
    fault: look.fault ?? (isMalformed ? 'malformed' : null),
    error:
      endpoints || look.status === null
        ? null
        : extractError(parseJson(text) ?? '', {
            headers: look.headers,
            redact: io.redact ?? redactFamilies,
            inBand: false,
            body: bodyKindOf(text),
            providerId: (name) => name,
          }),
    retryAfterMs: endpoints ? null : readRetryAfter(look.headers, parseJson(text), io.clock.nowMs()),
  });
}
