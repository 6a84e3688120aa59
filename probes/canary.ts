import { randomBytes } from 'node:crypto';
import type { Watched } from '#lib/core/fleet.ts';
import type { CoreEvent } from '#lib/core/plan.ts';
import { targetKey } from '#lib/core/target.ts';
import type { Http } from '#lib/http.ts';
import type { Outbox } from '#lib/store.ts';
import { canaryEntry, canaryId } from './canary-receiver.ts';
import { type CanaryServer, openCanaryServer } from './canary-server.ts';
import type { Entry } from './delivery-book.ts';

/**
 * A target of our own that goes down on schedule. It is looked at and judged like any other, and the message about it
 * goes the whole way of real ones (judgement, event, outbox, sender, socket) to an address in this process. It is in no
 * table: nobody else ever sees it, and it counts for nothing.
 */
export interface Canary {
  /** The receiver of the test alarm, for the sender's book and the judgement's addressees. */
  entry(): Entry | null;
  set(settings: CanarySettings | null): void;
  /** Called each second or so; says once when a fall was not heard of, and once when falls are heard of again. */
  tick(): void;
  /** Has the latest alarm that was due come back? */
  isHeard(): boolean;
  stop(): void;
  facts(): { isAlive: boolean; arrivedAtMs: number | null } | null;
}

export interface CanarySettings {
  everyMs: number;
  /** Operators' channels that get the test alarm too; it has only come back when each of them took it. */
  through: string[];
}

export interface CanaryIo {
  outbox: Pick<Outbox, 'log'>;
  http: Http;
  nowMs(): number;
  say(sentence: string): void;
  /** The target to look at; null: no longer. */
  watch(watched: Watched | null): void;
  tellOwner(event: CoreEvent): void;
}

const lookEveryMs = 20_000;
const longestFallMs = 3 * 60_000;
const patienceMs = 10 * 60_000;
const slackMs = 30 * 60_000;

interface Fall {
  atMs: number;
  looks: number;
  isDownHeard: boolean;
  isBackHeard: boolean;
  /** Nothing is missing: not asked again. */
  isWhole: boolean;
}

export function createCanary(io: CanaryIo): Canary {
  let settings: CanarySettings | null = null;
  let server: CanaryServer | null = null;
  let entry: Entry | null = null;
  let startedAtMs = 0;
  let fall: Fall | null = null;
  let arrivedAtMs: number | null = null;
  let isLost = false;

  function open(): void {
    const secret = randomBytes(32);
    const opened = openCanaryServer(secret, {
      isUp,
      heard,
      failed: (cause) => io.say(`The test alarm has no address: ${cause.message}`),
      ready(url) {
        if (server !== opened) return;
        startedAtMs = io.nowMs();
        entry = canaryEntry(`${url}/heard`, secret, io);
        io.watch(targetOf(`${url}/target`, settings?.through ?? []));
        safeTick();
      },
    });
    server = opened;
  }

  function close(): void {
    if (server) io.watch(null);
    server?.close();
    server = null;
    entry = null;
    fall = null;
    arrivedAtMs = null;
    isLost = false;
  }

  /** Down from the hour on, until that was heard of; a fall nobody hears of does not last for ever. */
  function isUp(): boolean {
    safeTick();
    if (!fall || !settings) return true;
    fall.looks += 1;
    return fall.isDownHeard || io.nowMs() - fall.atMs > Math.min(longestFallMs, settings.everyMs / 2);
  }

  function heard(what: string, eventAtMs: number): void {
    if (!fall || eventAtMs < fall.atMs) return;
    if (what === 'down') fall.isDownHeard = true;
    else if (what === 'back') fall.isBackHeard = true;
    else return;
    if (what === 'down') arrivedAtMs = io.nowMs();
  }

  function tick(): void {
    if (!settings || !entry) return;
    const nowMs = io.nowMs();
    const atMs = startedAtMs + Math.floor((nowMs - startedAtMs) / settings.everyMs) * settings.everyMs;
    if (fall?.atMs !== atMs)
      fall = { atMs, looks: 0, isDownHeard: false, isBackHeard: false, isWhole: false };
    if (fall.isWhole) return;
    const missing = missingOf(fall, settings);
    if (missing === null) {
      fall.isWhole = true;
      if (isLost) tell(nowMs, fall, null);
      isLost = false;
    } else if (!isLost && nowMs - fall.atMs > Math.min(patienceMs, settings.everyMs * 0.75)) {
      isLost = true;
      tell(nowMs, fall, missing);
    }
  }

  function safeTick(): void {
    try {
      tick();
    } catch {
      // A store that cannot be read has its own complaint; the silence outside is the message.
    }
  }

  /** What the fall has not brought about so far, as far along its way as can be told; null: nothing is missing. */
  function missingOf(one: Fall, { through }: CanarySettings): string | null {
    if (one.isDownHeard && one.isBackHeard) {
      const silent = through.find((id) => !hasSent(id, one.atMs));
      return silent === undefined ? null : `the channel ${silent} did not take it`;
    }
    if (one.looks === 0) return 'the test target was not even checked';
    if (one.isDownHeard) return 'the alarm came, its end did not';
    const isQueued = io.outbox.log({ receiverId: canaryId, limit: 5 }).some((line) => line.atMs >= one.atMs);
    return isQueued ? 'it was noticed, but no message came through' : 'it was checked, but not noticed';
  }

  function hasSent(receiverId: string, sinceMs: number): boolean {
    const lines = io.outbox.log({ receiverId, limit: 50 });
    return lines.some(
      (line) => line.what === 'sent' && line.atMs >= sinceMs && line.eventId.includes('canary'),
    );
  }

  function tell(nowMs: number, { atMs }: Fall, missing: string | null): void {
    const sentence =
      missing === null
        ? 'Our own test alarm comes back again: messages get through.'
        : `Our own test alarm did not come back: ${missing}. Real alarms may be lost.`;
    io.say(sentence);
    io.tellOwner(alarmEvent(sentence, missing, atMs, nowMs));
  }

  function isHeard(): boolean {
    if (!settings || arrivedAtMs === null) return false;
    return io.nowMs() - arrivedAtMs <= settings.everyMs + Math.min(slackMs, settings.everyMs / 2);
  }

  return {
    entry: () => entry,
    isHeard,
    stop: close,
    tick: safeTick,
    set(next) {
      if (JSON.stringify(next) === JSON.stringify(settings)) return;
      close();
      settings = next;
      if (settings) open();
    },
    facts: () => (settings === null ? null : { isAlive: isHeard() && !isLost, arrivedAtMs }),
  };
}

function targetOf(url: string, through: string[]): Watched {
  const target = { gateway: null, provider: 'canary', model: null };
  return {
    key: targetKey('canary', target),
    probe: 'canary',
    target,
    baseUrl: url,
    everyMs: lookEveryMs,
    timeoutMs: 5_000,
    options: { expect: { status: 200 }, tell: [canaryId, ...through] },
    origin: 'preset',
    dialect: null,
    keyName: null,
    wireModel: null,
    endpoint: null,
    providerName: null,
    priceUsd: 0,
    price: null,
    maxTokens: 0,
    supportedParameters: null,
    isReasoningMandatory: false,
  };
}

/** Whose receivers are filled in by who knows them. */
function alarmEvent(sentence: string, missing: string | null, fellAtMs: number, nowMs: number): CoreEvent {
  return {
    id: `alarm:${fellAtMs}:${missing === null ? 'back' : 'lost'}`,
    type: 'delivery.failed',
    atMs: nowMs,
    // The same matter for both ends: a pager closes what it opened.
    scope: { kind: 'prober', id: 'canary' },
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: false,
    sentence,
    reason: missing ?? sentence,
    startedAtMs: missing === null ? null : fellAtMs,
    expiresAtMs: null,
    data: { what: missing === null ? 'back' : 'lost' },
  };
}
