import type { Config } from '#lib/config/schema.ts';
import type { Link, Message, MessageContext } from '#lib/core/message.ts';
import { composeMessage } from '#lib/core/message.ts';
import type { CoreEvent, Incident } from '#lib/core/plan.ts';
import { acknowledgeLink, confirmLink, manageLink, unsubscribeLink } from '#lib/ops/links.ts';
import type { Sealer } from '#lib/seal.ts';
import type { ClaimedDelivery, Receiver, Store } from '#lib/store.ts';

/** Reads once a second what every message shares, so that five thousand of them do not read it five thousand times. */
export interface Composer {
  compose(claimed: ClaimedDelivery, receiver: Receiver, wasTold: boolean): Message;
  incident(id: string): Incident | null;
  /** News of a circuit, a target, a group or the guard that is no longer the latest. */
  isOvertaken(claimed: ClaimedDelivery): boolean;
  setConfig(config: Config): void;
}

const sharedForMs = 1_000;

type Current = ReturnType<Store['looks']['current']>;

export function createComposer(io: {
  store: Store;
  sealer: Sealer;
  config: Config;
  baseUrl: string | null;
  nowMs(): number;
}): Composer {
  let config = io.config;
  let shared: { atMs: number; seq: number; current: Current; epoch: string } | null = null;

  /** Never older than the news it goes with: a circuit that has just opened must not be told as closed. */
  function currentNow(newsSeq: number): { current: Current; epoch: string } {
    const nowMs = io.nowMs();
    const isYoung = shared && nowMs - shared.atMs < sharedForMs && nowMs >= shared.atMs;
    if (shared && isYoung && newsSeq <= shared.seq) return shared;
    const { epoch, seq } = io.store.events.position();
    shared = { atMs: nowMs, seq, current: io.store.looks.current(), epoch };
    return shared;
  }

  function contextOf(claimed: ClaimedDelivery, receiver: Receiver, wasTold: boolean): MessageContext {
    const { current, epoch } = currentNow(claimed.seq);
    const { event } = claimed;
    return {
      deliveryId: claimed.delivery.id,
      nowMs: io.nowMs(),
      baseUrl: io.baseUrl,
      timeZone: config.page.time_zone,
      title: config.page.title,
      chains: receiver.origin === 'public' ? [] : chainsOf(current, config),
      runbooks: receiver.origin === 'operator' ? config.runbooks : {},
      own: ownLinks(io, event, receiver),
      wasTold,
      state: {
        epoch,
        seq: claimed.seq,
        route: current.routes.find((route) => route.targetId === event.targetId) ?? null,
        guard: current.guard,
        baseUrl: io.baseUrl,
      },
    };
  }

  return {
    incident: (id) => io.store.incidents.get(id),
    isOvertaken({ event, seq }) {
      if (event.type === 'group.state_changed') return hasNewerOfGroup(io.store, event);
      const sinceMs = sinceOf(event, currentNow(seq).current);
      return sinceMs !== null && sinceMs > event.atMs;
    },
    compose(claimed, receiver, wasTold) {
      const { event } = claimed;
      const incident = event.incidentId === null ? null : io.store.incidents.get(event.incidentId);
      return composeMessage(event, incident, contextOf(claimed, receiver, wasTold));
    },
    setConfig(next) {
      config = next;
    },
  };
}

/** Since when that is so what a piece of news is about; null where it is about nothing of the kind. */
function sinceOf(event: CoreEvent, { routes, guard }: Current): number | null {
  if (event.type === 'guard.changed') return guard.sinceMs;
  const route = event.targetId === null ? null : routes.find((one) => one.targetId === event.targetId);
  if (!route) return null;
  if (event.type.startsWith('circuit.')) return route.circuit.sinceMs;
  return event.type === 'target.state_changed' ? route.stateSinceMs : null;
}

const groupNewsRead = 50;

function hasNewerOfGroup({ events }: Store, { scope, atMs }: CoreEvent): boolean {
  return events
    .list({ types: ['group.state_changed'], limit: groupNewsRead })
    .some((one) => one.scope?.kind === scope?.kind && one.scope?.id === scope?.id && one.atMs > atMs);
}

function chainsOf(current: Current, { chains }: Config): MessageContext['chains'] {
  return current.components
    .filter((one) => one.kind === 'chain' && one.chain !== null)
    .map((one) => ({
      id: one.id,
      verdict: one.verdict,
      step: one.chain?.step ?? null,
      usable: one.chain?.usable ?? 0,
      ...(chains[one.id] ? { routes: chains[one.id] } : {}),
      incidentId: one.incidentId,
    }));
}

/** Links that act, each for this receiver alone. The confirmation's token travels sealed inside its event. */
function ownLinks(
  io: { sealer: Sealer; baseUrl: string | null; nowMs(): number },
  event: CoreEvent,
  receiver: Receiver,
): Link[] {
  if (io.baseUrl === null) return [];
  if (receiver.origin === 'operator') {
    if (event.incidentId === null || event.type === 'incident.resolved') return [];
    const about = { incidentId: event.incidentId, receiverId: receiver.id };
    return [acknowledgeLink(io.sealer, io.baseUrl, about, io.nowMs())];
  }
  const sealed = event.data.confirm;
  const token = typeof sealed === 'string' ? io.sealer.open(sealed, receiver.id) : null;
  const confirm = token === null ? [] : [confirmLink(io.baseUrl, token)];
  const manage = receiver.status === 'active' ? [manageLink(io.sealer, io.baseUrl, receiver.id)] : [];
  return [...confirm, ...manage, unsubscribeLink(io.sealer, io.baseUrl, receiver.id)];
}
