import { readFresh } from '#app/_data/fresh.ts';
import type { FeedFacts } from '#lib/core/feed-facts.ts';
import {
  type PlannedWindow,
  type StatuspageSite,
  statuspageComponents,
  statuspageHead,
  statuspageIncidents,
  statuspageMaintenances,
  statuspageStatus,
} from '#lib/core/feed-statuspage.ts';
import type { View } from '../guard.ts';
import { memory } from '../memory.ts';
import { plannedWindows } from '../planned.ts';

interface Around {
  /** What is shown: without what the owner hides. */
  facts: FeedFacts;
  site: StatuspageSite;
  planned: PlannedWindow[];
  nowMs: number;
}

function page(make: (around: Around) => Record<string, unknown>): View {
  return ({ edge }) =>
    memory(edge, () => {
      const { title, timeZone } = edge.settings;
      const nowMs = edge.nowMs();
      const site = { name: title, url: edge.url ?? 'http://localhost', timeZone };
      const facts = readFresh({ settings: edge.settings, facts: edge.live.facts(), nowMs });
      const around = { facts, site, planned: plannedWindows(edge.config, edge.store, nowMs), nowMs };
      return { ...statuspageHead(facts, site), ...make(around) };
    });
}

const status = ({ facts, planned, nowMs }: Around) => statuspageStatus(facts, planned, nowMs);
const components = ({ facts }: Around) => statuspageComponents(facts);
const incidents = (isOpenOnly: boolean) => (a: Around) => statuspageIncidents(a.facts, a.site, isOpenOnly);
const maintenances = (which: 'all' | 'active' | 'upcoming') => (a: Around) =>
  statuspageMaintenances(a.planned, a, which);

/** Statuspage's API v2 at its exact paths. */
export const statuspage = {
  summary: page((a) => ({
    ...components(a),
    ...incidents(true)(a),
    scheduled_maintenances: [
      ...maintenances('active')(a).scheduled_maintenances,
      ...maintenances('upcoming')(a).scheduled_maintenances,
    ],
    ...status(a),
  })),
  status: page(status),
  components: page(components),
  incidents: page(incidents(false)),
  unresolved: page(incidents(true)),
  maintenances: page(maintenances('all')),
  activeMaintenances: page(maintenances('active')),
  upcomingMaintenances: page(maintenances('upcoming')),
} satisfies Record<string, View>;
