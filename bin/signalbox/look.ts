import { parseArgs } from 'node:util';
import { toWire } from '#lib/core/observation-wire.ts';
import { targetId } from '#lib/core/target.ts';
import { type Command, type Io, Usage } from './command.ts';
import { openDesk, type Seen } from './one-look.ts';
import { waterfall } from './waterfall.ts';

export const look: Command = {
  summary: 'checks one thing once, and shows where the time went',
  help: `
usage: npx signalbox look TARGET [--json] [--timeout 30]

TARGET is a route (openrouter/any/openai/gpt-5-nano, direct/anthropic/claude-haiku-4-5), a kind (catalog, account,
official, reported, control) or the name of one of your own addresses. A route is one paid call.
  --json       the check as one line, in the form that replay reads
  --timeout    seconds

exit status: 0 it works, 1 it does not, 3 the check says nothing about it`,
  options: ['--json', '--timeout'],
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean' }, timeout: { type: 'string' } },
    });
    const [name] = positionals;
    if (!name) throw new Usage('name what to check');
    const seconds = values.timeout === undefined ? null : Number(values.timeout);
    if (seconds !== null && !(seconds > 0 && seconds <= 300))
      throw new Usage('--timeout is seconds, from 1 to 300');
    const desk = openDesk(io, name.split('/').length >= 3 ? [name] : []);
    const wanted = desk.fleet.watched.filter(
      ({ key, probe, target }) =>
        key === name ||
        targetId(target) === name ||
        probe === name ||
        (target.gateway === null && target.provider === name) ||
        `${target.gateway}/${target.provider}/${target.model}` === name,
    );
    if (wanted.length === 0) {
      for (const remark of desk.fleet.remarks) io.err(`note: ${remark}`);
      const keyless = name.split('/').length >= 3 ? ' A route needs its key (OPENROUTER_API_KEY …).' : '';
      throw new Usage(`nothing called "${name}" is watched.${keyless}`);
    }
    let worst = 0;
    for (const watched of wanted.slice(0, 10)) {
      const seen = await desk.look(watched, seconds === null ? watched.timeoutMs : seconds * 1000);
      show(seen, io, values.json === true);
      worst = Math.max(worst, { good: 0, bad: 1, limited: 1, neutral: 3 }[seen.outcome.weight]);
    }
    return worst;
  },
};

function show({ watched, observation, outcome }: Seen, io: Io, isJson: boolean): void {
  if (isJson) {
    io.out(JSON.stringify(toWire(observation)));
    return;
  }
  io.out(`${watched.key}: ${outcome.weight === 'good' ? 'works' : outcome.reason}`);
  for (const line of waterfall(observation.timing)) io.out(`  ${line}`);
  const { error, served, output, costUsd, status, fault } = observation;
  if (status !== null || fault !== null) io.out(`  status ${status ?? 'none'}${fault ? `, ${fault}` : ''}`);
  if (served) io.out(`  answered by ${served.provider ?? '?'} with ${served.model ?? '?'}`);
  if (output)
    io.out(
      `  ${output.tokens ?? '?'} tokens, finish ${output.finish ?? 'none'}, answer ${output.answer ?? 'not judged'}`,
    );
  if (error?.message) io.out(`  said: ${error.message}`);
  if (costUsd !== null) io.out(`  cost ${costUsd.toFixed(8)} USD`);
}
