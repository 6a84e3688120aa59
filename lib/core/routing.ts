import { deliveryId } from './message-id.ts';
import { type CoreEvent, type DeliveryDraft, everyPublicReceiver, type Incident } from './plan.ts';
import { impactRank, isInScope, isPaging, kindOfEvent, wantsKind } from './routing-match.ts';
import { nextDigestAtMs, quietUntil, rulesOf } from './routing-rules.ts';
import { mutedUntil, type ScopeMute } from './scope-mute.ts';

/** As much of a receiver as the decision needs; the store's `Receiver` fits. */
export interface Addressee {
  id: string;
  origin: 'operator' | 'public';
  channel: string;
  settings: Record<string, unknown>;
  scope: string[];
  minImpact: string | null;
  kinds: string[];
  untilIncidentId: string | null;
  status: 'pending' | 'active' | 'disabled';
  isMutedUntilMs: number | null;
}

export interface AddressContext {
  nowMs: number;
  incident: (id: string) => Incident | null;
  /** What the operator's channels are not to be told of for a while. */
  mutes?: readonly ScopeMute[];
  /** The owner's chains: id → route ids of their steps. */
  chains?: Record<string, readonly string[]>;
}

/** Keep trying this long; circuit news ends with the event's own expiry. */
const longestTryMs = 3 * 86_400_000;

/**
 * When a delivery was due first: what was held for a digest or a silence is young when the silence ends. An event with
 * an end of its own needs no other.
 */
export function firstDueAtMs(
  event: Pick<CoreEvent, 'atMs' | 'expiresAtMs'>,
  delivery: { nextAtMs: number; notAfterMs: number | null },
): number {
  if (event.expiresAtMs !== null) return delivery.nextAtMs;
  return delivery.notAfterMs === null ? event.atMs : delivery.notAfterMs - longestTryMs;
}

type Decision =
  | { isSent: false; reason: string }
  | { isSent: true; reason: string; onlyIfTold: boolean; nextAtMs: number };

/**
 * Who is told of these events. Operators' channels one by one, all public receivers as one draft that the outbox
 * expands by asking `addressOne` for each.
 */
export function addressEvents(
  events: CoreEvent[],
  receivers: readonly Addressee[],
  context: AddressContext,
): DeliveryDraft[] {
  return events.flatMap((event) => {
    const named = receiversNamed(event);
    const own = receivers
      .filter((one) => one.origin === 'operator' && (named === null || named.includes(one.id)))
      .map((one) => addressOne(event, one, context));
    return [...own, ...publicDraft(event, named, receivers, context)];
  });
}

/** The decision about one receiver, operator or public. */
export function addressOne(event: CoreEvent, receiver: Addressee, context: AddressContext): DeliveryDraft {
  const incident = event.incidentId === null ? null : context.incident(event.incidentId);
  const decision = decide(event, incident, receiver, context);
  const draft = { ...blankDraft(event, receiver.id, receiver.channel, context), ...decision };
  // What is held for a silence or a digest keeps its whole time to be tried in.
  return event.expiresAtMs === null ? { ...draft, notAfterMs: draft.nextAtMs + longestTryMs } : draft;
}

function blankDraft(
  event: CoreEvent,
  receiverId: string,
  channel: string,
  context: AddressContext,
): DeliveryDraft {
  return {
    id: deliveryId(event.id, receiverId),
    eventId: event.id,
    receiverId,
    channel,
    incidentId: event.incidentId,
    isSent: true,
    reason: '',
    onlyIfTold: false,
    nextAtMs: context.nowMs,
    notAfterMs: event.expiresAtMs ?? context.nowMs + longestTryMs,
  };
}

function publicDraft(
  event: CoreEvent,
  named: string[] | null,
  receivers: readonly Addressee[],
  context: AddressContext,
): DeliveryDraft[] {
  if (named !== null || kindOfEvent[event.type] === 'direct' || kindOfEvent[event.type] === 'delivery') {
    return (named ?? [])
      .filter((id) => id.startsWith('pub_'))
      .map((id) => ({
        ...blankDraft(event, id, channelOf(event, id, receivers), context),
        reason: 'addressed to this receiver',
      }));
  }
  const draft = blankDraft(event, everyPublicReceiver, '*', context);
  if (kindOfEvent[event.type] === 'chain')
    return [{ ...draft, isSent: false, reason: 'a chain is the affair of whoever configured it' }];
  if (!event.isPublic)
    return [
      { ...draft, isSent: false, reason: 'not public: it concerns only the owner of this installation' },
    ];
  return [{ ...draft, reason: 'public: every subscription is asked' }];
}

function channelOf(event: CoreEvent, id: string, receivers: readonly Addressee[]): string {
  const known = receivers.find((one) => one.id === id)?.channel;
  return known ?? (typeof event.data.channel === 'string' ? event.data.channel : 'email');
}

/** Tests, reminders and mail about a subscription name their receivers; everything else is for whoever asked. */
export function receiversNamed(event: CoreEvent): string[] | null {
  const named = event.data.receivers;
  if (!Array.isArray(named)) return null;
  return named.filter((id) => typeof id === 'string');
}

function decide(
  event: CoreEvent,
  incident: Incident | null,
  receiver: Addressee,
  { nowMs, mutes = [], chains = {} }: AddressContext,
): Decision {
  if (receiversNamed(event)?.includes(receiver.id))
    return { isSent: true, reason: 'addressed to this receiver', onlyIfTold: false, nextAtMs: nowMs };
  const refusal = refuse(event, incident, receiver, chains);
  if (refusal !== null) return { isSent: false, reason: refusal };
  const held = hold(event, incident, receiver, nowMs);
  const untilMs = receiver.origin === 'operator' ? mutedUntil(mutes, event, incident, nowMs) : null;
  if (untilMs !== null && untilMs > held.nextAtMs)
    return { isSent: true, ...held, reason: 'held: muted', nextAtMs: untilMs };
  return { isSent: true, ...held };
}

function refuse(
  event: CoreEvent,
  incident: Incident | null,
  receiver: Addressee,
  chains: Record<string, readonly string[]>,
): string | null {
  if (receiver.status !== 'active') return `the receiver is ${receiver.status}`;
  if (receiver.origin === 'public' && !event.isPublic)
    return 'not public: it concerns only the owner of this installation';
  if (receiver.untilIncidentId !== null) {
    if (event.incidentId !== receiver.untilIncidentId) return 'asked only about another incident';
    return event.type === 'incident.resolved' ? null : 'asked only to hear when it is over';
  }
  // That somebody is looking stops a pager from ringing on; everybody else sees it on the page.
  if (event.data.what === 'acknowledged' && receiver.settings.isPager !== true)
    return 'only pagers are told that somebody is looking';
  if (!wantsKind(receiver.kinds, event)) return `did not ask for ${kindOfEvent[event.type]} messages`;
  // The end is owed to whoever heard of the beginning, whatever it has shrunk or moved to since.
  if (isEndOrRelief(event, receiver)) return null;
  if (!isInScope(withRoutes(receiver.scope, chains), event, incident))
    return `outside its scope (${receiver.scope.slice(0, 5).join(', ')})`;
  if (isTooSmall(event, receiver))
    return `${event.impact} is below its smallest impact, ${receiver.minImpact}`;
  if (incident?.isUnstable && event.type === 'incident.changed' && !isFlapEdge(event))
    return 'unstable: only the start and the end of it are told';
  return null;
}

/** Who relies on a chain relies on each of its steps. */
function withRoutes(scope: string[], chains: Record<string, readonly string[]>): string[] {
  const routes = scope.flatMap((key) => (key.startsWith('chain:') ? (chains[key.slice(6)] ?? []) : []));
  return routes.length === 0 ? scope : [...scope, ...routes.map((route) => `route:${route}`)];
}

function isTooSmall(event: CoreEvent, receiver: Addressee): boolean {
  // On its last step a chain is only degraded, and yet the next failure is the end.
  if (event.type === 'chain.changed' && isPaging(event)) return false;
  return event.impact !== null && impactRank(event.impact) < impactRank(receiver.minImpact);
}

function isEndOrRelief(event: CoreEvent, receiver: Addressee): boolean {
  if (event.type === 'incident.resolved' || event.data.what === 'acknowledged') return true;
  return event.type === 'incident.changed' && isTooSmall(event, receiver);
}

function isFlapEdge(event: CoreEvent): boolean {
  const { what, by } = event.data;
  // What a person writes is no flapping.
  return what === 'unstable' || what === 'steady' || typeof by === 'string';
}

interface Hold {
  reason: string;
  onlyIfTold: boolean;
  nextAtMs: number;
}

/** Nothing is dropped for silence: it is held, and merged with what happened meanwhile when the silence ends. */
function hold(event: CoreEvent, incident: Incident | null, receiver: Addressee, nowMs: number): Hold {
  const rules = rulesOf(receiver.settings);
  const onlyIfTold = receiver.untilIncidentId === null && isEndOrRelief(event, receiver);
  const said = onlyIfTold ? 'if it was told of the beginning' : 'asked for';
  if (receiver.isMutedUntilMs !== null && receiver.isMutedUntilMs > nowMs)
    return { reason: 'held: muted', onlyIfTold, nextAtMs: receiver.isMutedUntilMs };
  if (rules.digest !== null)
    return {
      reason: `held for the ${rules.digest} digest`,
      onlyIfTold,
      nextAtMs: nextDigestAtMs(rules.digest, nowMs),
    };
  if (rules.escalateAfterMs !== null && event.type !== 'incident.resolved' && incident !== null)
    return {
      reason: 'held: only if nobody acknowledges',
      onlyIfTold,
      nextAtMs: incident.openedAtMs + rules.escalateAfterMs,
    };
  const quietEndMs = rules.quiet && !isPaging(event) ? quietUntil(rules.quiet, nowMs) : null;
  if (quietEndMs !== null) return { reason: 'held: quiet hours', onlyIfTold, nextAtMs: quietEndMs };
  return { reason: said, onlyIfTold, nextAtMs: nowMs };
}
