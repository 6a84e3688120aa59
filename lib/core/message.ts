import { adviceOf } from './message-advice.ts';
import { factsOf } from './message-facts.ts';
import { linksOf } from './message-links.ts';
import type { PayloadFacts } from './message-payload.ts';
import { cutAt, plainLine } from './message-text.ts';
import { sayDuration, saySpan } from './message-time.ts';
import type { CoreEvent, EventType, Incident } from './plan.ts';
import { type Urgency, urgencyOf } from './routing-match.ts';
import type { Impact, Verdict } from './words.ts';

/** What every channel renders. Text is plain: each channel escapes for its own sink. */
export interface Message {
  /** Of the delivery; the same on every attempt. */
  id: string;
  type: EventType;
  tone: Tone;
  urgency: Urgency;
  /** At most 150 characters, one line. */
  subject: string;
  /** At most 120 characters that stand alone on a lock screen. */
  headline: string;
  /** The event's sentence whole, when the headline had to be cut. */
  sentence: string | null;
  facts: Fact[];
  /** One redacted error of the far side. */
  quote: string | null;
  advice: string | null;
  /** To paste. */
  fix: string | null;
  links: Link[];
  atMs: number;
  impact: Impact | null;
  event: CoreEvent;
  incident: Incident | null;
  /** Position and state for readers that are machines. */
  state: PayloadFacts | null;
  /** When several messages are told as one: their headlines. */
  items: string[];
  /** Key that joins the messages of one matter: an incident, a target's circuit, a maintenance. */
  matter: string;
}

export type Tone = 'bad' | 'warning' | 'good' | 'info' | 'test';

export interface Fact {
  key:
    | 'cause'
    | 'since'
    | 'sure'
    | 'quote'
    | 'hits'
    | 'works'
    | 'official'
    | 'reported'
    | 'before'
    | 'detail';
  label: string;
  text: string;
}

export interface Link {
  key: 'incident' | 'runbook' | 'acknowledge' | 'official' | 'manage' | 'unsubscribe' | 'confirm';
  text: string;
  url: string;
}

export interface MessageContext {
  deliveryId: string;
  nowMs: number;
  /** The one public address; null: no links. */
  baseUrl: string | null;
  timeZone: string;
  title: string;
  chains: {
    id: string;
    verdict: Verdict;
    step: number | null;
    usable: number;
    /** Its steps as route ids, where they are known. */
    routes?: readonly string[];
    incidentId: string | null;
  }[];
  /** `kind:id` → address of a runbook. */
  runbooks: Record<string, string>;
  /** Links only this receiver may have (acknowledge, manage, unsubscribe, confirm). */
  own: Link[];
  state: PayloadFacts | null;
  /** False when this receiver never heard of the beginning: the end then tells the whole story at once. */
  wasTold: boolean;
}

/** One event for one receiver, in the order people need it. */
export function composeMessage(
  event: CoreEvent,
  incident: Incident | null,
  context: MessageContext,
): Message {
  const sentence = sentenceOf(event, incident, context);
  const headline = cutAt(sentence, 120);
  return {
    id: context.deliveryId,
    type: event.type,
    tone: toneOf(event),
    urgency: urgencyOf(event),
    subject: subjectOf(event, headline, context),
    headline,
    sentence: headline === sentence ? null : cutAt(sentence, 2_000),
    facts: factsOf(event, incident, context),
    quote: quoteOf(incident),
    ...adviceOf(event, incident),
    links: linksOf(event, incident, context),
    atMs: event.atMs,
    impact: event.impact,
    event,
    incident,
    state: context.state,
    items: [],
    matter: matterOf(event),
  };
}

function sentenceOf(event: CoreEvent, incident: Incident | null, context: MessageContext): string {
  const said = plainLine(event.sentence);
  const { resolvedAtMs, startedAtMs } = incident ?? {};
  if (event.type !== 'incident.resolved' || startedAtMs == null || resolvedAtMs == null) return said;
  if (context.wasTold) return said;
  const span = saySpan(startedAtMs, resolvedAtMs, context.nowMs);
  return plainLine(
    `${incident?.title ?? said}: was down ${span} (${sayDuration(resolvedAtMs - startedAtMs)}).`,
  );
}

const goodTypes: EventType[] = ['incident.resolved', 'circuit.closed', 'maintenance.ended'];
const infoTypes: EventType[] = [
  'catalog.model_added',
  'catalog.context_changed',
  'catalog.endpoint_changed',
  'catalog.model_repriced',
  'maintenance.scheduled',
  'maintenance.started',
  'subscription.mail',
  'circuit.half_opened',
];

export function toneOf(event: CoreEvent): Tone {
  if (event.type === 'endpoint.test') return 'test';
  if (goodTypes.includes(event.type) || event.data.what === 'back') return 'good';
  if (event.type === 'notice') return noticeTone(event);
  if (infoTypes.includes(event.type)) return 'info';
  if (event.type === 'chain.changed' && event.impact === null) return 'good';
  if (event.type === 'incident.changed' && event.data.what === 'steady') return 'warning';
  if (event.impact === 'major_outage' || event.impact === 'partial_outage') return 'bad';
  return 'warning';
}

/** What is said beside incidents: an own address that is down, a rule that fires, or a word of somebody else's. */
function noticeTone({ impact, data }: CoreEvent): Tone {
  if (data.isFiring === false) return 'good';
  if (impact === 'major_outage' || impact === 'partial_outage') return 'bad';
  return impact === 'degraded' || data.isFiring === true ? 'warning' : 'info';
}

/** Messages of one incident share a subject, so that mail programs keep them in one thread. */
function subjectOf(event: CoreEvent, headline: string, context: MessageContext): string {
  const mark = { bad: 'Down', warning: 'Warning', good: 'Resolved', info: 'Notice', test: 'Test' }[
    toneOf(event)
  ];
  const isMail = event.type === 'subscription.mail';
  return cutAt(plainLine(`[${context.title}] ${isMail ? '' : `${mark}: `}${headline}`), 150);
}

function quoteOf(incident: Incident | null): string | null {
  const sample = incident?.evidence.sample;
  if (!sample?.message || incident?.status === 'resolved') return null;
  const from = [sample.status, sample.provider ?? sample.target]
    .filter((part) => part !== null)
    .join(' from ');
  return cutAt(plainLine(`${from}: ${sample.message}`), 512);
}

/** What later messages replace or answer. */
export function matterOf(event: CoreEvent): string {
  if (event.incidentId !== null && event.type.startsWith('incident.')) return `incident:${event.incidentId}`;
  if (event.targetId !== null) return `target:${event.targetId}`;
  if (event.scope !== null) return `${event.scope.kind}:${event.scope.id}`;
  return `event:${event.id}`;
}
