import Database from 'better-sqlite3';
import type { Observation } from '../core/observation.ts';
import type { CoreEvent, Incident } from '../core/plan.ts';
import type { Convention } from '../core/words.ts';
import type { Store } from '../store.ts';

/** What must hold after any fault, whatever it was. Each check says in sentences what does not. */

export interface InvariantOptions {
  nowMs: number;
  /** Looks the far side was told are kept: none of them may be missing. */
  acknowledged?: Iterable<string>;
  caps?: { usdPerDay: number; requestsPerDay: number };
  /** The database file: whole, by its own check. */
  file?: string;
  /** The feed as it is published now. */
  published?: unknown;
}

const everything = 1_000_000;
const conventions: Convention[] = ['openrouter', 'strict', 'lenient'];

export function lookId({ vantage, probe, target, atMs }: Observation): string {
  return [
    vantage,
    probe,
    target.gateway,
    target.provider,
    target.model,
    target.api,
    target.region,
    atMs,
  ].join('|');
}

export function invariants(store: Store, options: InvariantOptions): string[] {
  const incidents = store.incidents.list({ limit: everything });
  const events = store.events.after(0, everything).map((line) => line.event);
  return [
    ...looksKept(store, options),
    ...messagesComplete(store, events),
    ...nothingFromTheBlind(incidents, events),
    ...figuresPossible(store, options),
    ...ledgerBelowCap(store, options),
    ...oneIncidentPerCulprit(incidents),
    ...fileSound(options),
    ...publishedFresh(options),
  ];
}

function looksKept(store: Store, { nowMs, acknowledged = [] }: InvariantOptions): string[] {
  const ids = new Set<string>();
  const flaws: string[] = [];
  const looks = store.looks.between({ fromMs: 0, toMs: nowMs + 86_400_000, limit: everything });
  for (const { observation, outcome } of looks) {
    const id = lookId(observation);
    if (ids.has(id)) flaws.push(`the look ${id} is there twice`);
    ids.add(id);
    if (outcome === 'ok' && observation.probe === 'completion' && observation.timing.totalMs === null)
      flaws.push(`the look ${id} is good and took no time`);
  }
  for (const id of acknowledged) if (!ids.has(id)) flaws.push(`the acknowledged look ${id} is lost`);
  return flaws;
}

/** Every event has a line for every operator channel, sent or not and why; and one id per event and receiver. */
function messagesComplete(store: Store, events: CoreEvent[]): string[] {
  const flaws: string[] = [];
  const lines = new Map<string, Set<string>>();
  for (const line of store.outbox.log({ limit: everything })) {
    const key = `${line.eventId} for ${line.receiverId}`;
    const ids = lines.get(key) ?? new Set();
    if (line.deliveryId !== null) ids.add(line.deliveryId);
    if (ids.size > 1) flaws.push(`${key} is delivered under two ids`);
    if (line.what !== 'sent' && line.what !== 'queued' && line.text === '')
      flaws.push(`${key} is ${line.what} without a reason`);
    lines.set(key, ids);
  }
  const told = new Set<string>();
  for (const event of events) {
    if (told.has(event.id)) flaws.push(`the event ${event.id} is there twice`);
    told.add(event.id);
    if (!event.type.startsWith('incident.')) continue;
    for (const receiver of store.people.receivers('operator'))
      if (receiver.createdAtMs <= event.atMs && !lines.has(`${event.id} for ${receiver.id}`))
        flaws.push(`the event ${event.id} says nothing of ${receiver.id}`);
  }
  return flaws;
}

function nothingFromTheBlind(incidents: Incident[], events: CoreEvent[]): string[] {
  const dark = incidents.filter((one) => one.scope.kind === 'prober');
  return events
    .filter((event) => event.isPublic && ['incident.opened', 'circuit.opened'].includes(event.type))
    .filter((event) =>
      dark.some((one) => event.atMs > one.openedAtMs && event.atMs < (one.resolvedAtMs ?? Infinity)),
    )
    .map((event) => `${event.type} ${event.id} was decided while we were blind`);
}

function figuresPossible(store: Store, { nowMs }: InvariantOptions): string[] {
  const flaws: string[] = [];
  const targetKeys = store.looks.current().fleet.map((one) => one.key);
  for (const convention of conventions)
    for (const key of targetKeys) {
      const query = { targetKeys: [key], fromMs: nowMs - 90 * 86_400_000, toMs: nowMs + 60_000, convention };
      const { share, coverage, measuredS, badS } = store.history.availability(query);
      const isPossible =
        (share === null || (share >= 0 && share <= 1)) && coverage >= 0 && coverage <= 1 && badS <= measuredS;
      if (!isPossible)
        flaws.push(
          `${key} was available ${share} of ${coverage} under ${convention} (${badS} of ${measuredS})`,
        );
    }
  return flaws;
}

function ledgerBelowCap(store: Store, { nowMs, caps }: InvariantOptions): string[] {
  if (!caps) return [];
  const fromMs = Math.floor(nowMs / 86_400_000) * 86_400_000;
  const { usd, requests } = store.ledger.spent({ fromMs, toMs: fromMs + 86_400_000 });
  const flaws: string[] = [];
  if (usd > caps.usdPerDay + 1e-9) flaws.push(`${usd} USD were spent of ${caps.usdPerDay}`);
  if (requests > caps.requestsPerDay) flaws.push(`${requests} requests were made of ${caps.requestsPerDay}`);
  return flaws;
}

function oneIncidentPerCulprit(incidents: Incident[]): string[] {
  const open = new Map<string, number>();
  const flaws: string[] = [];
  for (const one of incidents) {
    const culprit = `${one.scope.kind} ${one.scope.id}`;
    if (one.status === 'open') open.set(culprit, (open.get(culprit) ?? 0) + 1);
    if (one.startedAtMs > one.openedAtMs || (one.resolvedAtMs ?? Infinity) < one.startedAtMs)
      flaws.push(`the incident ${one.id} of ${culprit} ends before it begins`);
  }
  for (const [culprit, count] of open) if (count > 1) flaws.push(`${culprit} has ${count} open incidents`);
  return flaws;
}

function fileSound({ file }: InvariantOptions): string[] {
  if (file === undefined) return [];
  const db = new Database(file, { readonly: true });
  try {
    const said = db.pragma('integrity_check', { simple: true });
    return said === 'ok' ? [] : [`the file is damaged: ${said}`];
  } finally {
    db.close();
  }
}

/** A document past its own expiry says nothing but unknown. */
function publishedFresh({ published, nowMs }: InvariantOptions): string[] {
  if (published === undefined) return [];
  const document = published as { valid_until?: string; targets?: { id: string; state: string }[] };
  const untilMs = Date.parse(document.valid_until ?? '');
  if (Number.isNaN(untilMs)) return ['what is published has no expiry'];
  if (untilMs >= nowMs) return [];
  return (document.targets ?? [])
    .filter((target) => target.state !== 'unknown')
    .map((target) => `${target.id} is still ${target.state} after its expiry`);
}
