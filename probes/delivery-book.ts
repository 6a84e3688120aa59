import type { Config } from '#lib/config/schema.ts';
import type { Http } from '#lib/http.ts';
import type { Channel, Line } from '#lib/notify/channel.ts';
import { type Operators, readOperators } from '#lib/notify/operators.ts';
import { openPublicLine } from '#lib/notify/public.ts';
import type { Sealer } from '#lib/seal.ts';
import type { Receiver, Store } from '#lib/store.ts';

/** Who is behind a receiver's id, and through which dispatcher: operators through the trusted one, strangers never. */
export interface Entry {
  receiver: Receiver;
  channel: Channel;
  line: Line;
  http: Http;
}

export interface Book {
  find(receiverId: string): Entry | null;
  operators(): Operators;
  setConfig(config: Config): void;
}

export function createBook(io: {
  store: Store;
  http: { trusted: Http; untrusted: Http };
  sealer: Sealer;
  config: Config;
  nowMs(): number;
  say(sentence: string): void;
  /** A receiver of this process's own, kept in no table. */
  own?: () => Entry | null;
}): Book {
  let operators = read(io.config);

  function read(config: Config): Operators {
    const next = readOperators(config, io.nowMs());
    for (const { path, expected } of next.problems) io.say(`${path} is left out; expected ${expected}.`);
    io.store.people.saveReceivers('operator', next.receivers);
    return next;
  }

  return {
    operators: () => operators,
    setConfig(config) {
      operators = read(config);
    },
    find(receiverId) {
      const own = io.own?.();
      if (own?.receiver.id === receiverId) return own;
      const receiver = io.store.people.receiver(receiverId);
      if (!receiver) return null;
      if (receiver.origin === 'operator') {
        const known = operators.lines.get(receiverId);
        return known ? { receiver, ...known, http: io.http.trusted } : null;
      }
      const opened = openPublicLine(receiver, io.sealer);
      return opened ? { receiver, ...opened, http: io.http.untrusted } : null;
    },
  };
}
