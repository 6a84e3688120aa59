import type { buildFleet } from '#lib/config/fleet.ts';
import { loadConfig } from '#lib/config/load.ts';
import type { Fleet, Watched } from '#lib/core/fleet.ts';
import type { Observation } from '#lib/core/observation.ts';
import type { CoreEvent, Incident, Plan } from '#lib/core/plan.ts';
import { defaultPolicy } from '#lib/core/policy.ts';
import { targetId } from '#lib/core/target.ts';
import type { Store } from '#lib/store.ts';
import { seededRandom } from '#probes/sim/random.ts';
import type { Progress } from '../../progress.ts';
import { type Episode, type Story, storiesBefore } from './calendar.ts';
import { pastSeries } from './past-hours.ts';
import { pastNews } from './past-news.ts';
import { createTeller, type Told } from './retell.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;
const days = 90;
/** The last hours are looks, so that charts, lists and the judgement have something real to stand on. */
const rawHours = 4;
const vantage = 'demo';

export interface PastParts {
  store: Store;
  fleet: Fleet;
  nowMs: number;
  seed: number;
  progress: Progress;
}

/** The fleet as it would have been watched: same targets, real intervals. */
export function pastFleet(yamlPath: string, cwd: string, build: typeof buildFleet, nowMs: number): Fleet {
  const loaded = loadConfig({ env: { SIGNALBOX_CONFIG: yamlPath }, cwd });
  const { watched, chains } = build(loaded, {}, {}, nowMs);
  const kinds = ['completion', 'catalog', 'account', 'control'];
  const slower = (w: Watched): number => (w.probe === 'control' ? 15_000 : 60_000);
  return {
    watched: watched.filter((w) => kinds.includes(w.probe)).map((w) => ({ ...w, everyMs: slower(w) })),
    chains,
  };
}

/** Ninety days, written through the store's own verbs. */
export function generatePast(parts: PastParts): { looks: number; hours: number; incidents: number } {
  const { store, fleet, nowMs, progress } = parts;
  const stories = storiesBefore(nowMs);
  const episodes = stories.flatMap((s) => s.episodes);
  const rawFromMs = Math.floor(nowMs / hourMs) * hourMs - rawHours * hourMs;
  const random = seededRandom(parts.seed);
  store.looks.saveFleet(fleet.watched, nowMs - days * dayMs);
  const hours = writeHours(
    parts,
    { fromMs: rawFromMs - days * dayMs, toMs: rawFromMs },
    { random, episodes },
  );
  const told = stories.map((story, i) => {
    progress.to(0.45 + (0.3 * i) / stories.length, 'what went wrong, judged again');
    return tellStory(fleet, story, random);
  });
  writeTold(store, fleet, told, rawFromMs - days * dayMs, nowMs);
  store.events.add(pastNews(nowMs));
  writeSpend(store, fleet, nowMs);
  const looks = writeLooks(parts, { fromMs: rawFromMs, toMs: nowMs }, { random, episodes });
  for (let more = store.upkeep.rollUp(nowMs); more.hours > 0; ) more = store.upkeep.rollUp(nowMs);
  progress.to(1, 'the past is there');
  return { looks, hours, incidents: told.reduce((sum, t) => sum + t.incidents.length, 0) };
}

function writeHours(
  { store, fleet, progress }: PastParts,
  span: { fromMs: number; toMs: number },
  io: { random: () => number; episodes: readonly Episode[] },
): number {
  const routes = fleet.watched.filter((w) => w.probe === 'completion' || w.probe === 'catalog');
  let hours = 0;
  for (const [i, watched] of routes.entries()) {
    const series = pastSeries(watched, span, { ...io, vantage });
    hours += store.upkeep.importPast({ series: [series], verdicts: [], watched: [] });
    progress.to(
      (0.45 * (i + 1)) / routes.length,
      `${days} days of ${watched.target.provider ?? 'the catalogue'}`,
    );
  }
  return hours;
}

/** Calm before, so that what is usual is known, and enough after to see it closed. */
function tellStory(fleet: Fleet, story: Story, random: () => number): Told {
  const isSlow = story.episodes.some((e) => e.fault.kind === 'slow');
  const fromMs = Math.min(...story.episodes.map((e) => e.fromMs)) - (isSlow ? 60 : 8) * 60_000;
  const toMs = Math.max(...story.episodes.map((e) => e.toMs)) + 20 * 60_000;
  const teller = createTeller(fleet, defaultPolicy, { vantage, random, episodes: story.episodes });
  teller.run(fromMs, toMs);
  const told = teller.told();
  return story.documented ? { ...told, incidents: told.incidents.map((i) => documented(i, story)) } : told;
}

/** Nobody shall take a retold outage for one that happened in these ninety days. */
function documented(incident: Incident, story: Story): Incident {
  const outage = story.documented;
  if (!outage || incident.scope.kind !== 'gateway') return incident;
  const day = new Date(outage.fromMs).toISOString().slice(0, 10);
  const text = `Told again after the documented outage of ${day}, which lasted ${outage.isExact ? '' : 'about '}${outage.minutes} min. ${outage.cause}`;
  const entry = {
    atMs: incident.resolvedAtMs ?? incident.openedAtMs,
    kind: 'note' as const,
    text,
    by: 'demo',
  };
  return { ...incident, timeline: [...incident.timeline, entry] };
}

function writeTold(store: Store, fleet: Fleet, told: Told[], fromMs: number, nowMs: number): void {
  const routes = fleet.watched.filter((w) => w.probe === 'completion');
  const keys = new Set(told.flatMap((t) => t.verdicts.map((v) => v.key)));
  for (const w of routes) keys.add(targetId(w.target));
  const calm = [...keys].map((key) => ({ key, atMs: fromMs, verdict: 'operational' as const }));
  const changes = told.flatMap((t) => t.verdicts).sort((a, b) => a.atMs - b.atMs);
  store.upkeep.importPast({
    series: [],
    verdicts: [...calm, ...changes],
    watched: [{ vantage, fromMs, toMs: nowMs - 60_000 }],
  });
  const kept = told.flatMap((t) =>
    t.incidents.map((incident) => ({ incident, events: eventsOf(t, incident) })),
  );
  kept.sort((a, b) => a.incident.startedAtMs - b.incident.startedAtMs);
  for (const { incident, events } of kept) store.incidents.add(incident, events);
}

function eventsOf(told: Told, incident: Incident): CoreEvent[] {
  return told.events.filter((e) => e.incidentId === incident.id);
}

/** Each line is a transaction of its own, so only as many days as a bill shows. */
const billedDays = 30;

/** What the watching would have cost, a line a day. */
function writeSpend(store: Store, fleet: Fleet, nowMs: number): void {
  const paid = fleet.watched.filter((w) => w.probe === 'completion');
  const caps = { usdPerDay: 1e6, usdPerMonth: 1e6, requestsPerDay: 1e9, perGateway: {}, reserveShare: 0 };
  for (const gateway of new Set(paid.map((w) => w.target.gateway ?? 'none'))) {
    const ours = paid.filter((w) => w.target.gateway === gateway);
    const usd = ours.reduce((sum, w) => sum + (w.priceUsd * dayMs) / w.everyMs, 0);
    const requests = ours.reduce((sum, w) => sum + dayMs / w.everyMs, 0);
    for (let d = billedDays; d >= 1; d--) {
      const atMs = Math.floor(nowMs / dayMs - d) * dayMs + hourMs;
      const id = `demo-${gateway}-${d}`;
      store.ledger.reserve({ id, atMs, gateway, usd, requests, purpose: 'calm' }, caps);
      store.ledger.settle(id, usd, atMs);
    }
  }
}

const batch = 1_000;

function writeLooks(
  { store, fleet, progress }: PastParts,
  span: { fromMs: number; toMs: number },
  io: { random: () => number; episodes: readonly Episode[] },
): number {
  const teller = createTeller(fleet, defaultPolicy, { ...io, vantage });
  const waiting: { o: Observation; outcome: string; plan: Plan }[] = [];
  let written = 0;
  const flush = (): void => {
    const decided = new Map(waiting.map((w) => [w.o, w]));
    const seen = waiting.map(({ o }) => ({ observation: o, found: [] }));
    store.looks.record(seen, (o) => {
      const one = decided.get(o);
      return { outcome: one?.outcome ?? 'ok', plan: one?.plan ?? emptyOf(waiting[0]?.plan) };
    });
    written += waiting.length;
    waiting.length = 0;
  };
  teller.run(span.fromMs, span.toMs, (o, outcome, plan) => {
    waiting.push({ o, outcome, plan: { ...plan, asks: [] } });
    if (waiting.length < batch) return;
    progress.to(
      0.75 + (0.24 * (o.atMs - span.fromMs)) / (span.toMs - span.fromMs),
      'the last hours, look by look',
    );
    flush();
  });
  flush();
  return written;
}

function emptyOf(plan: Plan | undefined): Plan {
  return { components: [], routes: [], incidents: [], events: [], guard: plan ? null : null, asks: [] };
}
