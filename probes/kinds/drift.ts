import type { Watched } from '#lib/core/fleet.ts';
import { asList, asObject, asText } from '#lib/core/loose.ts';
import type { Observation } from '#lib/core/observation.ts';
import type { DriftKnown, Found } from '#lib/core/plan.ts';
import { cleanLine, redactFamilies } from '#lib/redact.ts';
import { dialectOf } from '../dialects/table.ts';
import type { Probe, ProbeIo } from '../probe.ts';
import { callDialect } from './call.ts';
import { observeCall } from './call-observation.ts';
import { answersOf, compareAnswers, driftPrompt, isOdd } from './drift-answers.ts';

type Finding = Extract<Found, { kind: 'drift' }>['findings'][number];

interface Asked {
  tag: string;
  observation: Observation;
  answers: (string | null)[];
  fingerprint: string | null;
}

const maxTokens = 64;
const inFlight = 4;

/** The same fixed questions to everybody who serves a model: who differs from the others, or from what he was. */
export const drift: Probe = async (watched, io) => {
  const endpoints = asList(watched.options.endpoints).flatMap((item) => {
    const tag = asText(asObject(item)?.tag);
    return tag ? [{ tag, providerName: asText(asObject(item)?.providerName) }] : [];
  });
  const queue = endpoints.slice(0, 12);
  const asked: Asked[] = [];
  const work = async () => {
    for (let next = queue.shift(); next && !io.signal.aborted; next = queue.shift()) {
      asked.push(
        await askOne({ ...watched, endpoint: next.tag, providerName: next.providerName }, io, next.tag),
      );
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  asked.sort((a, b) => (a.tag < b.tag ? -1 : 1));
  const observation = sumUp(watched, asked, io);
  const findings = [...oddOnes(asked, io), ...changedOnes(asked, io)];
  const { gateway, model } = watched.target;
  if (gateway === null || model === null) return { observation };
  return { observation, found: [{ kind: 'drift', gateway, model, asked: knownOf(asked, io), findings }] };
};

async function askOne(watched: Watched, io: ProbeIo, tag: string): Promise<Asked> {
  const dialect = dialectOf(watched.dialect);
  if (!dialect) throw new Error(`no dialect called ${watched.dialect}`);
  const question = {
    watched: { ...watched, target: { ...watched.target, provider: tag } },
    key: io.key,
    prompt: driftPrompt,
    maxTokens: Math.max(maxTokens, watched.isReasoningMandatory ? watched.maxTokens : 0),
    isStreamed: true,
    nowMs: io.clock.nowMs(),
  };
  const call = await callDialect(dialect, question, io);
  const observation = observeCall(call, question, io);
  const isWhole = observation.error === null && observation.output?.done === true;
  const redact = io.redact ?? redactFamilies;
  const { fingerprint } = call.reader.reading.generation;
  return {
    tag,
    observation,
    answers: isWhole ? answersOf(call.reader.reading.text) : [],
    fingerprint: fingerprint ? cleanLine(fingerprint, redact, 96) : null,
  };
}

/** One observation for all of them: the first look's instants, everybody's cost. */
function sumUp(watched: Watched, asked: Asked[], io: ProbeIo): Observation {
  const first = asked[0]?.observation;
  if (!first) throw new Error('nobody to ask');
  const answers = asked.map((one) => one.answers).filter((list) => list.length > 0);
  const isSame = compareAnswers(answers).every((agreement) => !isOdd(agreement));
  const endMs = Math.max(
    ...asked.map(({ observation }) => observation.atMs + (observation.timing.totalMs ?? 0)),
  );
  const atMs = Math.min(...asked.map(({ observation }) => observation.atMs));
  return {
    ...first,
    atMs,
    target: watched.target,
    endpoint: null,
    served: null,
    costUsd: asked.reduce((sum, { observation }) => sum + (observation.costUsd ?? 0), 0),
    output: first.output && {
      ...first.output,
      done: answers.length > 0,
      answer: answers.length < 2 ? null : isSame ? 'match' : 'mismatch',
    },
    error: answers.length > 0 ? null : first.error,
    fault: answers.length > 0 ? null : first.fault,
    timing: { ...first.timing, totalMs: Math.round((endMs - atMs) * 10) / 10 },
    slot: io.slot,
  };
}

/** Said once while it lasts: what was odd at the last look is no news. */
function oddOnes(asked: Asked[], io: ProbeIo): Finding[] {
  const whole = asked.filter(({ answers }) => answers.length > 0);
  const agreements = compareAnswers(whole.map(({ answers }) => answers));
  return whole.flatMap(({ tag }, i): Finding[] => {
    const agreement = agreements[i];
    const odd = agreement !== undefined && isOdd(agreement);
    const wasOdd = io.memory.get(`odd ${tag}`) === true;
    io.memory.set(`odd ${tag}`, odd);
    if (!odd || wasOdd) return [];
    return [
      {
        endpoint: tag,
        what: 'answers',
        before: null,
        after: `${agreement.same} of ${agreement.of} as the others`,
      },
    ];
  });
}

/** Who gave no answer this time is known as before. */
function knownOf(asked: Asked[], io: ProbeIo): DriftKnown[] {
  const whole = asked.filter(({ answers }) => answers.length > 0);
  const agreements = compareAnswers(whole.map(({ answers }) => answers));
  const text = (name: string): string | null => {
    const known = io.memory.get(name);
    return typeof known === 'string' ? known : null;
  };
  return asked.map((one) => {
    const { tag } = one;
    const agreement = agreements[whole.indexOf(one)];
    return {
      endpoint: tag,
      fingerprint: text(`fingerprint ${tag}`),
      servedModel: text(`served_model ${tag}`),
      same: agreement?.same ?? null,
      of: agreement?.of ?? null,
      isOdd: io.memory.get(`odd ${tag}`) === true,
    };
  });
}

/** What a restart must not forget: a change while nobody looked is a change. */
export function memoryOfDrift(known: readonly DriftKnown[]): [name: string, value: unknown][] {
  return known.flatMap(({ endpoint, fingerprint, servedModel, isOdd }): [string, unknown][] => [
    [`odd ${endpoint}`, isOdd],
    ...(fingerprint === null ? [] : [[`fingerprint ${endpoint}`, fingerprint] as [string, unknown]]),
    ...(servedModel === null ? [] : [[`served_model ${endpoint}`, servedModel] as [string, unknown]]),
  ]);
}

function changedOnes(asked: Asked[], io: ProbeIo): Finding[] {
  return asked.flatMap(({ tag, fingerprint, observation }) => [
    ...changed(io, tag, 'fingerprint', fingerprint),
    ...changed(io, tag, 'served_model', observation.served?.model ?? null),
  ]);
}

function changed(
  io: ProbeIo,
  tag: string,
  what: 'fingerprint' | 'served_model',
  now: string | null,
): Finding[] {
  if (now === null) return [];
  const known = io.memory.get(`${what} ${tag}`);
  io.memory.set(`${what} ${tag}`, now);
  return typeof known === 'string' && known !== now
    ? [{ endpoint: tag, what, before: known, after: now }]
    : [];
}
