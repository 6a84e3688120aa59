import { parseArgs } from 'node:util';
import { loadConfig } from '#lib/config/load.ts';
import { createTrusted } from '#lib/http.ts';
import { createMailer } from '#lib/notify/smtp.ts';
import { tryChannels } from '#lib/notify/try-channels.ts';
import { type Command, exitCodes } from './command.ts';

export const tell: Command = {
  summary: 'sends a test message to the configured channels, at once',
  help: `
usage: npx signalbox tell [--only <name>]

Goes straight to each channel, without worker, database or outbox, and says what each answered. Real messages take the
way through the outbox; the page's test button tries that one.

  --only <name>   only channels whose id or name holds these letters, e.g. slack

exit status: 0 all took it, 1 one did not, 3 there is no such channel`,
  options: ['--only'],
  async run(args, io) {
    const { values } = parseArgs({ args, options: { only: { type: 'string' } } });
    const { config } = loadConfig({ env: io.env, cwd: io.cwd });
    const mail = createMailer(config.smtp);
    const tried = await tryChannels(config, {
      http: createTrusted(),
      mail,
      nowMs: Date.now,
      only: values.only,
    });
    mail?.close();
    if (tried.length === 0) {
      io.err('There is no such channel: "channels" in signalbox.yaml lists them.');
      return exitCodes.unknown;
    }
    for (const { id, about, sent, tookMs } of tried)
      io.out(
        `${sent.ok ? 'ok  ' : 'BAD '}  ${id}  ${about}: ${sent.ok ? sent.note : sent.text} (${tookMs} ms)`,
      );
    return tried.every(({ sent }) => sent.ok) ? exitCodes.ok : exitCodes.not;
  },
};
