import type { EndpointFact, ModelFact } from '#lib/core/plan.ts';
import { createTrusted, type Http } from '#lib/http.ts';
import type { AskFacts } from './ask-answer.ts';
import { type Io, Usage } from './command.ts';
import { type Desk, openDesk, type Seen } from './one-look.ts';

/** Everything `ask` checks by itself, all at once; what is known so far can be read at any time. */

export interface Gathering {
  done: Promise<AskFacts>;
  /** What has not answered yet, in words. */
  pending(): string[];
  /** null: too little has answered to say anything. */
  soFar(): AskFacts | null;
}

const defaultModel = 'openai/gpt-5-nano';
/** All of it ends within five seconds of the command, a call that hangs included. */
const limitMs = 3_900;

interface Known {
  controls: Seen[];
  edge: Seen;
  account: Seen | null;
  call: Seen | null;
  official: Seen | null;
  model: AskFacts['model'];
}

const names: Record<keyof Known, string> = {
  controls: 'your network',
  edge: 'OpenRouter',
  account: 'the key',
  call: 'a real call',
  official: 'the official page',
  model: 'the model',
};

export function gather(io: Io, { model, mayCall }: { model: string | null; mayCall: boolean }): Gathering {
  const desk = openDesk(io, [`openrouter/any/${model ?? defaultModel}`]);
  const of = (probe: string) => desk.fleet.watched.filter((one) => one.probe === probe);
  const first = (probe: string) => of(probe).find(({ target }) => target.gateway === 'openrouter') ?? null;
  const gateway = first('catalog');
  if (!gateway) throw new Usage('no gateway called openrouter is configured here');
  const look = (one: Parameters<Desk['look']>[0] | null | undefined) =>
    one ? desk.look(one, limitMs) : Promise.resolve(null);
  const places = of('control');
  const answered: Seen[] = [];
  const asked: { [Part in keyof Known]: Promise<Known[Part]> } = {
    controls: Promise.all(
      places.map(async (one) => {
        const seen = await desk.look(one, limitMs);
        answered.push(seen);
        return seen;
      }),
    ),
    edge: desk.look(gateway, limitMs),
    account: look(first('account')),
    call: look(mayCall ? of('completion')[0] : null),
    official: look(first('official')),
    model: model ? readModel(gateway.baseUrl, model) : Promise.resolve(null),
  };
  const known: Partial<Known> = {};
  for (const part of Object.keys(asked) as (keyof Known)[])
    void asked[part].then(
      (value) => Object.assign(known, { [part]: value }),
      () => undefined,
    );
  const factsOf = (edge: Seen): AskFacts => ({
    controls: {
      ok: answered.filter(({ outcome }) => outcome.weight === 'good').length,
      total: places.length,
    },
    edge,
    account: known.account
      ? { ...known.account, facts: known.account.observation.account, found: accountOf(known.account) }
      : null,
    model: known.model ?? listedIn(edge, model),
    call: known.call ?? null,
    official: worstClaim(known.official ?? null),
  });
  return {
    done: Promise.all(Object.values(asked)).then(() => factsOf(known.edge as Seen)),
    pending: () =>
      (Object.keys(asked) as (keyof Known)[]).filter((part) => !(part in known)).map((part) => names[part]),
    soFar() {
      const isNetworkKnown =
        known.controls !== undefined || answered.some((s) => s.outcome.weight === 'good');
      return known.edge && isNetworkKnown ? factsOf(known.edge) : null;
    },
  };
}

function accountOf(seen: Seen) {
  const found = seen.found.find((one) => one.kind === 'account');
  return found?.kind === 'account' ? found.facts : null;
}

function listedIn(edge: Seen, model: string | null): AskFacts['model'] {
  const list = edge.found.find((one) => one.kind === 'models');
  if (!model || list?.kind !== 'models' || !list.isComplete) return null;
  return {
    id: model,
    isListed: list.models.some((one: ModelFact) => one.id === model),
    providers: [],
    failing: [],
  };
}

/** Who serves the model, and at whom OpenRouter itself sees trouble. */
async function readModel(
  baseUrl: string,
  model: string,
  http: Http = createTrusted(),
): Promise<AskFacts['model']> {
  const look = await http.request({
    url: `${baseUrl}/models/${model}/endpoints`,
    limits: { totalMs: limitMs },
  });
  if (look.status === 404) return { id: model, isListed: false, providers: [], failing: [] };
  const data = parseObject(look.body)?.data as { endpoints?: unknown } | undefined;
  if (look.status !== 200 || !Array.isArray(data?.endpoints)) return null;
  const rows = data.endpoints as Partial<{
    provider_name: EndpointFact['providerName'];
    status: number;
    uptime_last_5m: number | null;
  }>[];
  const providers = rows.map((row) => textOf(row?.provider_name)).filter((name) => name !== null);
  const failing = rows
    .filter(
      (row) =>
        (typeof row?.status === 'number' && row.status <= -5) ||
        (typeof row?.uptime_last_5m === 'number' && row.uptime_last_5m < 80),
    )
    .map((row) => textOf(row?.provider_name))
    .filter((name) => name !== null);
  return { id: model, isListed: true, providers: [...new Set(providers)], failing: [...new Set(failing)] };
}

const severity = ['unknown', 'operational', 'maintenance', 'degraded', 'partial_outage', 'major_outage'];

function worstClaim(official: Seen | null): string | null {
  const claims = official?.observation.claims;
  if (!claims) return null;
  return claims
    .map(({ status }) => status)
    .reduce<string>(
      (worst, one) => (severity.indexOf(one) > severity.indexOf(worst) ? one : worst),
      'unknown',
    );
}

function parseObject(body: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
