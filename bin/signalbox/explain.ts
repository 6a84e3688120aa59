import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ruleOfSlug, ruleTexts } from '#lib/core/explain-rules.ts';
import { explainError } from '#lib/ops/explain-error.ts';
import { type Command, exitCodes, Usage } from './command.ts';

export const explain: Command = {
  summary: 'what an error means, whose fault it is and what to do',
  help: `
usage: npx signalbox explain [--status 401] 'the error as you got it'
       some-command 2>&1 | npx signalbox explain -
       npx signalbox explain --list

Nothing is sent anywhere. Keys in what you paste are removed before anything is printed.
  --status N    the HTTP status, if the text does not hold it
  --direct      the provider was called directly, without a gateway
  --list        every kind of error we know
  --json        as one JSON line`,
  options: ['--status', '--direct', '--list', '--json'],
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        status: { type: 'string' },
        direct: { type: 'boolean' },
        list: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
    if (values.list) {
      for (const text of Object.values(ruleTexts)) io.out(`${text.slug.padEnd(34)}${text.title}`);
      return exitCodes.ok;
    }
    const status = values.status === undefined ? null : Number(values.status);
    if (status !== null && !(Number.isInteger(status) && status >= 100 && status <= 599))
      throw new Usage('--status is an HTTP status, such as 401');
    const given = positionals.join(' ');
    const known = ruleOfSlug(given);
    if (!given && status === null) throw new Usage('paste the error, or give --status');
    const body = given === '-' ? readFileSync(0, 'utf8') : known ? '' : given;
    const answer = explainError({ status, body, gateway: values.direct ? 'direct' : 'openrouter' });
    const words = known ? ruleTexts[known] : answer;
    if (values.json) io.out(JSON.stringify(known ? { rule: known, ...words } : answer));
    else {
      io.out(`${words.title}.`);
      io.out(`  means     ${words.meaning}`);
      io.out(`  whose     ${words.whose}${!known && answer.named ? ` (${answer.named})` : ''}`);
      io.out(`  do        ${words.advice}`);
      if (!known && answer.read.message)
        io.out(`  read      ${answer.read.status ?? ''} ${answer.read.message}`);
    }
    return exitCodes.ok;
  },
};
