import {
  type PlannedWindow,
  type StatuspageSite,
  statuspageComponents,
  statuspageHead,
  statuspageIncidents,
  statuspageMaintenances,
  statuspageStatus,
} from '#lib/core/feed-statuspage.ts';
import type { Edge } from '../edge.ts';
import type { View } from '../guard.ts';
import { memory } from '../memory.ts';
import { plannedWindows } from '../planned.ts';

interface Around {
  edge: Edge;
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
      const around = { edge, site, planned: plannedWindows(edge.config, edge.store, nowMs), nowMs };
      return { ...statuspageHead(edge.live.facts(), site), ...make(around) };
    });
}

const status = ({ edge, planned, nowMs }: Around) => statuspageStatus(edge.live.facts(), planned, nowMs);
const components = ({ edge }: Around) => statuspageComponents(edge.live.facts());
const incidents = (isOpenOnly: boolean) => (a: Around) =>
  statuspageIncidents(a.edge.live.facts(), a.site, isOpenOnly);
const maintenances = (which: 'all' | 'active' | 'upcoming') => (a: Around) =>
  statuspageMaintenances(a.planned, { facts: a.edge.live.facts(), site: a.site, nowMs: a.nowMs }, which);

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
