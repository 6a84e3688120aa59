import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadConfig } from '#lib/config/load.ts';
import type { EndpointFact, ModelFact } from '#lib/core/plan.ts';
import { createTrusted, type Http } from '#lib/http.ts';
import { type Answer, type AskFacts, answerOf, type Whose } from './ask-answer.ts';
import { type Command, exitCodes, type Io, Usage } from './command.ts';
import { type Desk, openDesk, type Seen } from './one-look.ts';

const defaultModel = 'openai/gpt-5-nano';

export const ask: Command = {
  summary: 'is it OpenRouter, the provider, the model, or me? answered now, in one line',
  help: `
usage: npx signalbox ask [--model M] [--no-call] [--alone] [--json] [--watch]

Asks a Signalbox that runs here, if one does; else checks your own network, OpenRouter's edge, your key with its limit
and credit, whether the model exists and who serves it, and what OpenRouter and its official page say, all at once.
With a key it makes at most one paid call (a few tokens).
  --model M    ask for this model (author/slug)
  --no-call    no paid call
  --alone      do not ask a running Signalbox
  --json       everything as one JSON line
  --watch      again every 15 s, without further paid calls

exit status: 0 nothing is wrong, 1 something is, 3 not certain`,
  options: ['--model', '--no-call', '--alone', '--json', '--watch'],
  async run(args, io) {
    const { values } = parseArgs({
      args,
      options: {
        model: { type: 'string' },
        'no-call': { type: 'boolean' },
        alone: { type: 'boolean' },
        json: { type: 'boolean' },
        watch: { type: 'boolean' },
      },
    });
    if (values.model !== undefined && !/^[\w.-]+\/[\w.:-]+$/.test(values.model))
      throw new Usage('--model is author/slug, such as openai/gpt-5-nano');
    const options = { model: values.model ?? null, isJson: values.json === true };
    let mayCall = !values['no-call'];
    for (;;) {
      const status =
        (values.alone ? null : await askRunning(io, options)) ??
        (await askAlone(io, { ...options, mayCall }));
      if (!values.watch) return status;
      mayCall = false;
      await sleep(15_000);
    }
  },
};

interface Options {
  model: string | null;
  isJson: boolean;
}

const statusOf: Record<Whose, number> = {
  nobody: exitCodes.ok,
  you: exitCodes.not,
  gateway: exitCodes.not,
  provider: exitCodes.not,
  model: exitCodes.not,
  unknown: exitCodes.unknown,
};

/** A running server has watched for longer than any single check can. null: none answers here. */
async function askRunning(io: Io, { model, isJson }: Options): Promise<number | null> {
  const { config } = loadConfig({ env: io.env, cwd: io.cwd });
  const host = config.listen.host === '0.0.0.0' ? '127.0.0.1' : config.listen.host;
  const query = model ? `?watch=${encodeURIComponent(`model:${model}`)}` : '';
  const look = await createTrusted().request({
    url: `http://${host}:${config.listen.port}/status.json${query}`,
    limits: { connectMs: 150, firstByteMs: 1_000, totalMs: 1_500 },
  });
  if (look.status !== 200) return null;
  const said = parse(look.body);
  const sentence = text(said?.sentence);
  const verdict = text(said?.verdict);
  if (!sentence || !verdict) return null;
  if (isJson) io.out(JSON.stringify({ from: 'server', ...said }));
  else io.out(sentence);
  return verdict === 'operational' ? exitCodes.ok : verdict === 'unknown' ? exitCodes.unknown : exitCodes.not;
}

async function askAlone(io: Io, { model, isJson, mayCall }: Options & { mayCall: boolean }): Promise<number> {
  const desk = openDesk(io, [`openrouter/any/${model ?? defaultModel}`]);
  const started = performance.now();
  const facts = await gather(desk, { model, mayCall });
  const answer = answerOf(facts);
  if (isJson)
    io.out(
      JSON.stringify({
        from: 'here',
        ...answer,
        tookMs: Math.round(performance.now() - started),
        ...plain(facts),
      }),
    );
  else show(answer, facts, io);
  return statusOf[answer.whose];
}

async function gather(
  desk: Desk,
  { model, mayCall }: { model: string | null; mayCall: boolean },
): Promise<AskFacts> {
  const of = (probe: string) => desk.fleet.watched.filter((one) => one.probe === probe);
  const gateway = desk.fleet.watched.find(
    ({ probe, target }) => probe === 'catalog' && target.gateway === 'openrouter',
  );
  if (!gateway) throw new Usage('no gateway called openrouter is configured here');
  const limit = 4_000;
  const first = (probe: string) => of(probe).find(({ target }) => target.gateway === 'openrouter');
  const page = first('official');
  const account = first('account');
  const route = of('completion')[0];
  const [controls, edge, key, call, official, listed] = await Promise.all([
    Promise.all(of('control').map((one) => desk.look(one, limit))),
    desk.look(gateway, limit),
    account ? desk.look(account, limit) : null,
    mayCall && route ? desk.look(route, 15_000) : null,
    page ? desk.look(page, limit) : null,
    model ? readModel(gateway.baseUrl, model) : null,
  ]);
  return {
    controls: {
      ok: controls.filter(({ outcome }) => outcome.weight === 'good').length,
      total: controls.length,
    },
    edge,
    account: key && { ...key, facts: key.observation.account, found: accountOf(key) },
    model: listed ?? listedIn(edge, model),
    call,
    official: worstClaim(official),
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
    limits: { totalMs: 4_000 },
  });
  if (look.status === 404) return { id: model, isListed: false, providers: [], failing: [] };
  const data = parse(look.body)?.data as { endpoints?: unknown } | undefined;
  if (look.status !== 200 || !Array.isArray(data?.endpoints)) return null;
  const rows = data.endpoints as Partial<{
    provider_name: EndpointFact['providerName'];
    status: number;
    uptime_last_5m: number | null;
  }>[];
  const providers = rows.map((row) => text(row?.provider_name)).filter((name) => name !== null);
  const failing = rows
    .filter(
      (row) =>
        (typeof row?.status === 'number' && row.status <= -5) ||
        (typeof row?.uptime_last_5m === 'number' && row.uptime_last_5m < 80),
    )
    .map((row) => text(row?.provider_name))
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

function show({ sentence }: Answer, facts: AskFacts, io: Io): void {
  const { controls, edge, account, model, call, official } = facts;
  const line = (name: string, state: string) => io.out(`  ${name.padEnd(18)}${state}`);
  io.out(sentence);
  line('your network', `${controls.ok} of ${controls.total} unrelated places answered`);
  line(
    'OpenRouter',
    edge.outcome.weight === 'good'
      ? `answers in ${Math.round(edge.observation.timing.headersMs ?? 0)} ms`
      : edge.outcome.reason,
  );
  if (!account) line('key', 'none: set OPENROUTER_API_KEY for a real call');
  else {
    line('key', account.facts?.valid ? 'valid' : account.outcome.reason);
    const left = account.found?.limitRemainingUsd;
    if (left !== null && left !== undefined) line('left on the key', `${left.toFixed(2)} USD`);
    const free = account.found?.freeDaily;
    if (free) line('free today', `${free.remaining} of ${free.limit}, resets at 00:00 UTC`);
  }
  if (model)
    line(
      'model',
      model.isListed
        ? `listed${model.providers.length > 0 ? `, served by ${model.providers.length} providers` : ''}`
        : 'not listed',
    );
  if (call)
    line(
      'a real call',
      call.outcome.weight === 'good'
        ? `answered, first word after ${Math.round(call.observation.timing.firstTokenMs ?? 0)} ms`
        : call.outcome.reason,
    );
  line('official page', official?.replaceAll('_', ' ') ?? 'could not be read');
}

function plain(facts: AskFacts): object {
  const short = (one: { outcome: Seen['outcome'] } | null) =>
    one && { class: one.outcome.class, rule: one.outcome.rule, reason: one.outcome.reason };
  return {
    controls: facts.controls,
    edge: short(facts.edge),
    key: facts.account && {
      ...short(facts.account),
      ...facts.account.facts,
      freeDaily: facts.account.found?.freeDaily ?? null,
    },
    model: facts.model,
    call: short(facts.call),
    official: facts.official,
  };
}

function parse(body: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
