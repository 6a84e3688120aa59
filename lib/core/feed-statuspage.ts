import { type FeedFacts, generatedAtMs } from './feed-facts.ts';
import { iso, isoOrNull } from './feed-routing.ts';
import type { ComponentState, Incident, TimelineEntry } from './plan.ts';
import { blendedVerdict } from './sentence.ts';
import { escapeIdPart } from './target.ts';
import { type ComponentKind, impactWords, type Verdict, verdictWords } from './words.ts';

/** The shapes of Atlassian Statuspage's API v2, which many readers already know. Ids never change. */

export interface StatuspageSite {
  name: string;
  url: string;
  timeZone: string;
}

export interface PlannedWindow {
  id: string;
  title: string;
  scope: string[];
  fromMs: number;
  toMs: number;
}

const groupNames: Partial<Record<ComponentKind, string>> = {
  gateway: 'Gateways',
  catalog: 'Catalogues',
  official: 'Official status pages',
  provider: 'Providers',
  model: 'Models',
  chain: 'Chains',
  http: 'Addresses',
};

const pageId = 'signalbox';

function shown(facts: FeedFacts): ComponentState[] {
  return facts.components.filter((c) => groupNames[c.kind] !== undefined);
}

export function statuspageComponentId(kind: string, id: string): string {
  return `${kind}-${escapeIdPart(id)}`;
}

export function statuspageHead(facts: FeedFacts, site: StatuspageSite) {
  return {
    page: {
      id: pageId,
      name: site.name,
      url: site.url,
      time_zone: site.timeZone,
      updated_at: iso(generatedAtMs(facts)),
    },
  };
}

/** One light for everything: what the first line of the page says, in Statuspage's words. */
export function statuspageStatus(facts: FeedFacts, planned: PlannedWindow[], nowMs: number) {
  const { components, incidents, guard } = facts;
  const isBlind = guard.self === 'blind';
  const isStale = facts.isExpired || facts.beatMs === null;
  const verdict = blendedVerdict({ components, incidents, nowMs, lastLookAtMs: null, isBlind, isStale });
  const isWorkedOn = planned.some((w) => w.fromMs <= nowMs && nowMs < w.toMs);
  return { status: lights[verdict === 'operational' && isWorkedOn ? 'maintenance' : verdict] };
}

const lights: Record<Verdict, { indicator: string; description: string }> = {
  operational: { indicator: 'none', description: 'All Systems Operational' },
  degraded: { indicator: 'minor', description: 'Minor Service Outage' },
  partial_outage: { indicator: 'major', description: 'Partial System Outage' },
  major_outage: { indicator: 'critical', description: 'Major Service Outage' },
  maintenance: { indicator: 'maintenance', description: 'Service Under Maintenance' },
  // It has no word for this, and green would be a lie.
  unknown: { indicator: 'minor', description: 'Status unknown: monitoring is interrupted' },
};

export function statuspageComponents(facts: FeedFacts) {
  const members = shown(facts);
  const kinds = Object.keys(groupNames).filter((kind) =>
    members.some((c) => c.kind === kind),
  ) as ComponentKind[];
  const groups = kinds.map((kind, i) => ({
    ...blankComponent(`group-${kind}`, groupNames[kind] as string, i + 1, facts),
    status: worstStatus(members.filter((c) => c.kind === kind)),
    group: true,
    components: members.filter((c) => c.kind === kind).map((c) => statuspageComponentId(c.kind, c.id)),
  }));
  const singles = members.map((c, i) => component(c, i + 1, facts));
  return { components: [...groups, ...singles] };
}

function component(c: ComponentState, position: number, facts: FeedFacts) {
  return {
    ...blankComponent(statuspageComponentId(c.kind, c.id), c.id, position, facts),
    status: verdictWords[c.verdict].statuspage as string,
    updated_at: iso(c.sinceMs),
    description: c.reason,
    group_id: `group-${c.kind}`,
  };
}

function blankComponent(id: string, name: string, position: number, facts: FeedFacts) {
  const since = iso(facts.workerStartedAtMs ?? generatedAtMs(facts));
  return {
    id,
    name,
    status: 'operational' as string,
    created_at: since,
    updated_at: iso(generatedAtMs(facts)),
    position,
    description: null as string | null,
    showcase: true,
    start_date: since.slice(0, 10),
    group_id: null as string | null,
    page_id: pageId,
    group: false,
    only_show_if_degraded: false,
  };
}

const statusOrder = [
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
];

function worstStatus(members: ComponentState[]): string {
  return members.reduce<string>((worst, c) => {
    const status = verdictWords[c.verdict].statuspage;
    return statusOrder.indexOf(status) > statusOrder.indexOf(worst) ? status : worst;
  }, 'operational');
}

export function statuspageIncidents(facts: FeedFacts, site: StatuspageSite, isOpenOnly: boolean) {
  const incidents = facts.incidents.filter((i) => i.isPublic && (!isOpenOnly || i.status === 'open'));
  return { incidents: incidents.slice(0, 50).map((i) => incidentBody(i, facts, site)) };
}

function statusWord(incident: Incident): string {
  if (incident.status === 'resolved') return 'resolved';
  return incident.confidence === 'high' ? 'identified' : 'investigating';
}

function incidentBody(incident: Incident, facts: FeedFacts, site: StatuspageSite) {
  const touched = facts.components.filter(
    (c) => c.incidentId === incident.id || (c.kind === incident.scope.kind && c.id === incident.scope.id),
  );
  const updates = incident.timeline.map((entry, i) => update(incident, entry, i)).reverse();
  return {
    id: incident.id,
    name: incident.title,
    status: statusWord(incident),
    created_at: iso(incident.openedAtMs),
    updated_at: iso(incident.timeline.at(-1)?.atMs ?? incident.openedAtMs),
    monitoring_at: null,
    resolved_at: isoOrNull(incident.resolvedAtMs),
    impact: impactWords[incident.impact].statuspage,
    shortlink: `${site.url}/incidents/${incident.id}`,
    started_at: iso(incident.startedAtMs),
    page_id: pageId,
    reminder_intervals: null,
    incident_updates: updates,
    components: touched.filter((c) => groupNames[c.kind]).map((c, i) => component(c, i + 1, facts)),
  };
}

function update(incident: Incident, entry: TimelineEntry, index: number) {
  const at = iso(entry.atMs);
  return {
    id: `${incident.id}-${index}`,
    status: entry.kind === 'resolved' ? 'resolved' : statusWord({ ...incident, status: 'open' }),
    body: entry.text,
    incident_id: incident.id,
    created_at: at,
    updated_at: at,
    display_at: at,
    affected_components: null,
    deliver_notifications: true,
    custom_tweet: null,
    tweet_id: null,
  };
}

export function statuspageMaintenances(
  planned: PlannedWindow[],
  around: { facts: FeedFacts; site: StatuspageSite; nowMs: number },
  which: 'all' | 'active' | 'upcoming',
) {
  const { nowMs } = around;
  const fits = planned.filter((w) => {
    if (which === 'active') return w.fromMs <= nowMs && nowMs < w.toMs;
    return which === 'all' || w.fromMs > nowMs;
  });
  return { scheduled_maintenances: fits.slice(0, 50).map((w) => maintenanceBody(w, around)) };
}

function maintenanceBody(
  w: PlannedWindow,
  { facts, site, nowMs }: { facts: FeedFacts; site: StatuspageSite; nowMs: number },
) {
  const status = nowMs >= w.toMs ? 'completed' : nowMs >= w.fromMs ? 'in_progress' : 'scheduled';
  return {
    id: w.id,
    name: w.title,
    status,
    created_at: iso(w.fromMs),
    updated_at: iso(w.fromMs),
    monitoring_at: null,
    resolved_at: status === 'completed' ? iso(w.toMs) : null,
    impact: 'maintenance',
    shortlink: `${site.url}/incidents`,
    started_at: iso(w.fromMs),
    page_id: pageId,
    incident_updates: [plannedUpdate(w, status)],
    components: shown(facts)
      .filter((c) => w.scope.includes(`${c.kind}:${c.id}`))
      .map((c, i) => component(c, i + 1, facts)),
    scheduled_for: iso(w.fromMs),
    scheduled_until: iso(w.toMs),
  };
}

/** What is planned has one update that says so. */
function plannedUpdate(w: PlannedWindow, status: string) {
  const at = iso(w.fromMs);
  return {
    ...{ id: `${w.id}-0`, status, body: w.title, incident_id: w.id },
    ...{ created_at: at, updated_at: at, display_at: at },
    ...{ affected_components: null, deliver_notifications: true, custom_tweet: null, tweet_id: null },
  };
}
