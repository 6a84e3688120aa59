import { type DocumentedOutage, documentedOutages } from '#lib/core/documented-outages.ts';

/** What went wrong in the ninety days before the demo was started. */
export interface Episode {
  fromMs: number;
  toMs: number;
  /** Whom it struck; absent parts match everybody. */
  gateway?: string;
  provider?: string;
  model?: string;
  /** Also when called directly. */
  isEverywhere?: boolean;
  share: number;
  fault:
    | { kind: 'error'; status: number; message: string; namesProvider: boolean }
    | { kind: 'slow'; factor: number }
    | { kind: 'limited' };
}

/** Episodes that belong together are told to the judgement as one story. */
export interface Story {
  title: string;
  documented: DocumentedOutage | null;
  episodes: Episode[];
}

const minute = 60_000;
const day = 86_400_000;

/** The documented outages keep their hour of the day, their length and the two days between the last two. */
const retoldDaysAgo = [74, 27, 25] as const;

export function storiesBefore(nowMs: number): Story[] {
  const today = Math.floor(nowMs / day) * day;
  const at = (daysAgo: number, clock: string): number => {
    const [h = 0, m = 0] = clock.split(':').map(Number);
    return today - daysAgo * day + (h * 60 + m) * minute;
  };
  const provider = (
    name: string,
    daysAgo: number,
    clock: string,
    minutes: number,
    share: number,
    status = 502,
  ): Story =>
    single({ ...span(at(daysAgo, clock), minutes), provider: name, share, fault: providerError(status) });
  return [
    ...documentedOutages.map((outage, i) => retell(outage, today - (retoldDaysAgo[i] ?? 90) * day)),
    provider('novita', 83, '03:12', 34, 0.9),
    provider('groq', 66, '14:40', 18, 1, 503),
    provider('deepinfra', 58, '21:05', 11, 0.6),
    provider('azure', 47, '08:20', 52, 0.45, 500),
    { ...provider('anthropic', 41, '16:31', 27, 0.7, 529), title: 'Anthropic overloaded' },
    provider('groq', 33, '11:02', 9, 0.95),
    single({
      ...span(at(19, '13:30'), 75),
      model: 'meta-llama/llama-3.3-70b-instruct',
      share: 0.85,
      fault: providerError(502),
    }),
    provider('amazon-bedrock', 16, '06:48', 22, 0.8, 503),
    provider('novita', 12, '19:10', 41, 1),
    single({ ...span(at(9, '15:00'), 120), provider: 'deepinfra', share: 0.5, fault: { kind: 'limited' } }),
    single({ ...span(at(6, '10:15'), 90), provider: 'novita', share: 1, fault: { kind: 'slow', factor: 5 } }),
    provider('openai', 3, '17:52', 14, 0.9, 500),
  ];
}

function span(fromMs: number, minutes: number): { fromMs: number; toMs: number } {
  return { fromMs, toMs: fromMs + minutes * minute };
}

function single(episode: Episode): Story {
  return { title: episode.provider ?? episode.model ?? 'fault', documented: null, episodes: [episode] };
}

function providerError(status: number): Episode['fault'] {
  return { kind: 'error', status, message: 'Provider returned error', namesProvider: true };
}

function retell(outage: DocumentedOutage, midnightMs: number): Story {
  const shift = midnightMs - Math.floor(outage.fromMs / day) * day;
  const episodes = outage.phases
    .filter((phase) => phase.failureShare > 0)
    .map((phase): Episode => {
      const { status, message } = phase.error ?? { status: 500, message: 'Internal Server Error' };
      return {
        fromMs: phase.fromMs + shift,
        toMs: phase.toMs + shift,
        gateway: 'openrouter',
        share: phase.failureShare,
        fault: { kind: 'error', status, message, namesProvider: false },
      };
    });
  return { title: outage.title, documented: outage, episodes };
}

export function strikes(
  episode: Episode,
  target: { gateway: string | null; provider: string | null; model: string | null },
): boolean {
  if (episode.gateway && episode.gateway !== target.gateway) return false;
  if (target.gateway === 'direct' && episode.gateway === undefined && !episode.isEverywhere) return false;
  if (target.gateway === null) return false;
  if (episode.provider && episode.provider !== target.provider) return false;
  return episode.model === undefined || episode.model === target.model;
}
