import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { sendTest as askFor } from '#lib/ops/send-test.ts';
import type { Receiver, Store } from '#lib/store.ts';
import { type Command, exitCodes, type Io, Usage } from './command.ts';
import { withStore } from './desk-store.ts';

export const sendTest: Command = {
  summary: 'sends a test message through a channel, the very way real ones take',
  help: `
usage: npx signalbox send-test CHANNEL

CHANNEL is the name or type of a channel of signalbox.yaml. The server must be running: it is the one that sends.
Without a name, the channels that exist are listed.

exit status: 0 sent, 1 not sent (and why)`,
  options: [],
  async run(args, io) {
    const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
    const [name] = positionals;
    return withStore(io, false, async (store) => {
      const receivers = store.people.receivers().filter(({ origin }) => origin === 'operator');
      if (!name) {
        for (const one of receivers) io.out(`${one.id}  ${one.channel}`);
        if (receivers.length === 0) io.out('no channels: add some under "channels:" in signalbox.yaml');
        return exitCodes.ok;
      }
      const receiver = receivers.find(
        (one) => one.id === name || one.id.endsWith(`_${name}`) || one.channel === name,
      );
      if (!receiver)
        throw new Usage(
          `there is no channel "${name}": ${receivers.map(({ id }) => id).join(', ') || 'none is configured'}`,
        );
      return send(store, receiver, io);
    });
  },
};

const patienceMs = 20_000;

async function send(store: Store, receiver: Receiver, io: Io): Promise<number> {
  const startedMs = Date.now();
  const asked = askFor({ store, nowMs: startedMs }, { receiverId: receiver.id, by: 'command line' });
  if (!asked.ok) throw new Usage(asked.text);
  while (Date.now() - startedMs < patienceMs) {
    await sleep(200);
    const line = store.outbox
      .log({ receiverId: receiver.id, limit: 5 })
      .find(({ atMs, what }) => atMs >= startedMs && what !== 'queued');
    if (!line) continue;
    io.out(`${receiver.id}: ${line.what.replaceAll('_', ' ')}${line.text ? `, ${line.text}` : ''}`);
    return line.what === 'sent' ? exitCodes.ok : exitCodes.not;
  }
  io.err('Nothing was sent within 20 s: is the server running here?');
  return exitCodes.not;
}
