import { sha256Hex } from '#lib/core/message-id.ts';
import type { Observation } from '#lib/core/observation.ts';
import { parseObservation } from '#lib/core/observation-wire.ts';
import type { CoreEvent } from '#lib/core/plan.ts';
import { addressEvents } from '#lib/core/routing.ts';
import type { Store } from '#lib/store.ts';

/** What a person asked for in the web process, claimed and carried out here. */

export interface IntentIo {
  store: Store;
  nowMs(): number;
  lookNow(targetKeys: string[]): void;
  /** A message was put into the outbox. */
  poke(): void;
  subscribe(intent: { id: string; body: Record<string, unknown> }): void;
  /** Looks of another vantage or of a router, already checked at the door for whose they are. */
  record(observations: Observation[]): void;
  /** Somebody who reports in has reported. */
  push(name: string): void;
  complain(sentence: string): void;
}

interface Intent {
  id: string;
  body: Record<string, unknown>;
  by: string;
  atMs: number;
}

type Verb = (intent: Intent, io: IntentIo) => void;

/** Older than this, nobody waits for it any more. */
const forgottenMs = 10 * 60_000;

export const pushNote = (name: string) => `push.${name}`;

const verbs: Record<string, Verb> = {
  look_now({ body }, io) {
    const all = () => io.store.looks.current().fleet.map((w) => w.key);
    io.lookNow(body.targetKeys === 'all' ? all() : strings(body.targetKeys));
  },
  test_message({ id, body }, io) {
    const receiverId = typeof body.receiverId === 'string' ? body.receiverId : '';
    const receivers = io.store.people.receivers();
    if (!receivers.some((one) => one.id === receiverId)) throw new Error('no such receiver');
    const event = testEvent(id, receiverId, io.nowMs());
    const context = {
      nowMs: io.nowMs(),
      incident: (incidentId: string) => io.store.incidents.get(incidentId),
    };
    io.store.events.add([event], addressEvents([event], receivers, context));
    io.poke();
  },
  subscribe(intent, io) {
    io.subscribe(intent);
  },
  observations({ body }, io) {
    const vantage = typeof body.vantage === 'string' ? body.vantage : null;
    const lines = Array.isArray(body.lines) ? body.lines : [];
    if (!vantage) throw new Error('no vantage');
    const parsed = lines.map(parseObservation).flatMap((one) => (one.ok ? [one.observation] : []));
    // Whose they are was settled by the token at the door, not by what the lines say.
    io.record(parsed.map((o) => ({ ...o, vantage })));
  },
  push({ body, atMs }, io) {
    const name = String(body.name ?? '');
    const text = typeof body.text === 'string' ? body.text : null;
    io.store.upkeep.note(pushNote(name), JSON.stringify({ atMs, isUp: body.isUp !== false, text }));
    io.push(name);
  },
  mute({ body }, io) {
    const untilMs = typeof body.untilMs === 'number' ? body.untilMs : null;
    io.store.people.changeReceiver(String(body.receiverId ?? ''), { isMutedUntilMs: untilMs });
  },
};

export function carryOut(io: IntentIo): void {
  for (const intent of claimed(io)) {
    const verb = Object.hasOwn(verbs, intent.kind) ? verbs[intent.kind] : undefined;
    if (!verb) {
      io.complain(`Nobody here knows how to "${intent.kind}": the request is dropped.`);
      continue;
    }
    if (io.nowMs() - intent.atMs > forgottenMs) continue;
    try {
      verb(intent, io);
    } catch (cause) {
      io.complain(`"${intent.kind}" failed: ${cause instanceof Error ? cause.message : cause}`);
    }
  }
}

function claimed(io: IntentIo): ReturnType<Store['people']['claimIntents']> {
  try {
    return io.store.people.claimIntents(20, io.nowMs());
  } catch {
    // A locked store keeps its intents; they are claimed a moment later.
    return [];
  }
}

/** Its id follows from the request: carried out twice, it is still one message. */
function testEvent(intentId: string, receiverId: string, nowMs: number): CoreEvent {
  return {
    id: `test-${sha256Hex(`${intentId}|${receiverId}`).slice(0, 24)}`,
    type: 'endpoint.test',
    atMs: nowMs,
    scope: null,
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: false,
    sentence: 'This is a test message: the way from here to you works.',
    reason: 'somebody asked for a test message',
    startedAtMs: null,
    expiresAtMs: nowMs + forgottenMs,
    data: { receivers: [receiverId] },
  };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
