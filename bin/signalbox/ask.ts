import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadConfig } from '#lib/config/load.ts';
import type { AskFacts, Whose } from './ask-answer.ts';
import { type Command, exitCodes, type Io, Usage } from './command.ts';
import type { Seen } from './one-look.ts';

const mostBytes = 1_000_000;
/** The first line is there by then, whatever is still on its way. */
const firstLineMs = 900;

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
  const said = parse(await askHere(`http://${host}:${config.listen.port}/status.json${query}`));
  const sentence = text(said?.sentence);
  const verdict = text(said?.verdict);
  if (!sentence || !verdict) return null;
  if (isJson) io.out(JSON.stringify({ from: 'server', ...said }));
  else io.out(sentence);
  return verdict === 'operational' ? exitCodes.ok : verdict === 'unknown' ? exitCodes.unknown : exitCodes.not;
}

/** A server of one's own, on this machine: what a stranger's address needs would take longer to load than it to answer. */
function askHere(url: string): Promise<string> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 1_500 }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > mostBytes) request.destroy();
      });
      answer.on('end', () => resolve(answer.statusCode === 200 ? body : ''));
      answer.on('error', () => resolve(''));
    });
    const limit = setTimeout(() => request.destroy(), 1_500);
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(''));
    request.on('close', () => {
      clearTimeout(limit);
      resolve('');
    });
  });
}

async function askAlone(io: Io, { model, isJson, mayCall }: Options & { mayCall: boolean }): Promise<number> {
  // Loaded here only: whoever asks a running server need not wait for it.
  const [{ gather }, { answerOf, isCertain }] = await Promise.all([
    import('./ask-gather.ts'),
    import('./ask-answer.ts'),
  ]);
  const startedMs = performance.now();
  const gathering = gather(io, { model, mayCall });
  let said: string | null = null;
  if (!isJson && !(await isDoneWithin(gathering.done, firstLineMs))) {
    const soFar = gathering.soFar();
    const early = soFar && answerOf(soFar);
    said =
      early && isCertain(early)
        ? early.sentence
        : `Not certain yet, waiting for ${gathering.pending().join(', ')}.`;
    io.out(said);
  }
  const facts = await gathering.done;
  const answer = answerOf(facts);
  const tookMs = Math.round(performance.now() - startedMs);
  if (isJson) io.out(JSON.stringify({ from: 'here', ...answer, tookMs, ...plain(facts) }));
  else {
    if (answer.sentence !== said) io.out(answer.sentence);
    show(facts, io);
  }
  return statusOf[answer.whose];
}

function isDoneWithin(done: Promise<unknown>, ms: number): Promise<boolean> {
  return Promise.race([done.then(() => true), sleep(ms, false, { ref: false })]);
}

function show(facts: AskFacts, io: Io): void {
  const { controls, edge, account, model, call, official } = facts;
  const line = (name: string, state: string) => io.out(`  ${name.padEnd(18)}${state}`);
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

function parse(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
