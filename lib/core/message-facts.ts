import type { Fact, MessageContext } from './message.ts';
import { cutAt, plainLine, sayList } from './message-text.ts';
import { sayDuration, sayInstantTwice, saySpanTwice } from './message-time.ts';
import type { CoreEvent, Incident, Scope } from './plan.ts';
import { sayTime } from './sentence-time.ts';
import { classPhrases, isStall, nameOf } from './sentence-words.ts';
import { verdictWords } from './words.ts';

/** Whose fault, since when, how sure, what it hits, what still works, what the official page says: in this order. */
export function factsOf(event: CoreEvent, incident: Incident | null, context: MessageContext): Fact[] {
  const facts: (Fact | null)[] = incident
    ? [
        {
          key: 'cause',
          label: 'Cause',
          text: causeOf(incident),
        },
        sinceFact(event, incident, context),
        sureFact(incident),
        incident.status === 'resolved' ? null : quoteFact(incident),
        hitsFact(incident, context),
        incident.status === 'resolved' ? null : worksFact(incident),
        ...witnessFacts(incident),
        beforeFact(incident),
      ]
    : [sinceFact(event, null, context), detailFact(event)];
  return facts
    .filter((fact) => fact !== null)
    .map((fact) => ({ ...fact, text: cutAt(plainLine(fact.text), 900) }));
}

function causeOf(incident: Incident): string {
  const isOver = incident.status === 'resolved';
  if (isStall(incident)) return isOver ? 'our own process was overloaded' : 'our own process is overloaded';
  const said = sayCause(incident.scope);
  return isOver ? said.replace('connection is down', 'connection was down') : said;
}

const causes: Record<Scope['kind'], (id: string) => string> = {
  gateway: (id) => `${id} (the gateway)`,
  provider: (id) => `${id} (the provider)`,
  model: (id) => `${id} (the model, on every provider)`,
  route: (id) => `only the route ${id}`,
  account: (id) => `our own account with ${id}`,
  prober: (id) => `our own connection is down (checked from ${id})`,
};

export function sayCause(scope: Scope): string {
  const via = scope.via ? `, only through ${scope.via}: it works directly` : '';
  return `${causes[scope.kind](scope.id)}${via}`;
}

function sinceFact(event: CoreEvent, incident: Incident | null, context: MessageContext): Fact | null {
  const fromMs = incident?.startedAtMs ?? event.startedAtMs;
  if (fromMs === null) return null;
  const since = sayInstantTwice(fromMs, context.timeZone, context.nowMs);
  const endMs = incident?.resolvedAtMs ?? null;
  if (endMs === null) return { key: 'since', label: 'Since', text: since };
  const span = saySpanTwice(fromMs, endMs, context.timeZone, context.nowMs);
  return { key: 'since', label: 'Lasted', text: `${sayDuration(endMs - fromMs)}, ${span}` };
}

function sureFact(incident: Incident): Fact {
  const { failed, total, providers, windowMs } = incident.evidence;
  const over = providers > 1 ? ` over ${providers} providers` : '';
  const counts = total > 0 ? `: ${failed} of ${total} checks failed in ${sayTime(windowMs)}${over}` : '';
  const classes = Object.entries(incident.evidence.byClass)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([name, count]) => `${count} × ${classPhrases[name] ?? name.replaceAll('_', ' ')}`);
  const kinds = classes.length > 0 ? ` (${classes.join(', ')})` : '';
  return { key: 'sure', label: 'How sure', text: `${incident.confidence} confidence${counts}${kinds}` };
}

/** What a support desk asks for first: the numbers under which the far side finds the call that is quoted. */
function quoteFact({ evidence: { sample } }: Incident): Fact | null {
  const { generationId = null, edgeId = null } = sample ?? {};
  const ids = [generationId && `generation ${generationId}`, edgeId && `edge ${edgeId}`].filter(Boolean);
  return ids.length === 0 ? null : { key: 'quote', label: 'For its support', text: ids.join(', ') };
}

function beforeFact({ evidence: { catalog = [] }, startedAtMs }: Incident): Fact | null {
  const said = catalog
    .slice(0, 2)
    .map((one) => `${one.sentence.replace(/\.$/, '')} (${sayBefore(startedAtMs - one.atMs)})`);
  return said.length === 0 ? null : { key: 'before', label: 'Catalogue, just before', text: said.join('; ') };
}

function sayBefore(ms: number): string {
  return ms >= 0 ? `${sayDuration(ms)} before` : `${sayDuration(-ms)} after it began`;
}

function hitsFact(incident: Incident, context: MessageContext): Fact | null {
  const keys = new Set(incident.affected);
  const chains = (incident.status === 'resolved' ? [] : context.chains).filter(
    ({ id, incidentId, routes = [] }) =>
      incidentId === incident.id || keys.has(`chain:${id}`) || routes.some((route) => keys.has(route)),
  );
  const said = chains.filter(isHit).map((chain) => {
    if (chain.step === null) return `chain ${chain.id} has no step left`;
    const left = chain.usable === 1 ? '1 usable step left' : `${chain.usable} usable steps left`;
    return `chain ${chain.id} is on step ${chain.step + 1}, ${left}`;
  });
  const routes = incident.affected.filter((one) => one.includes('/') && !/^[a-z]+:/.test(one));
  if (routes.length > 0)
    said.push(`${routes.length} watched ${routes.length === 1 ? 'route' : 'routes'} (${sayList(routes, 3)})`);
  const label = incident.status === 'resolved' ? 'Hit' : 'Hits';
  return said.length === 0 ? null : { key: 'hits', label, text: said.join('; ') };
}

/** On its first step with all of them left, a chain does what it was made for: nothing of it is hit. */
function isHit(chain: MessageContext['chains'][number]): boolean {
  return chain.step !== 0 || chain.routes === undefined || chain.usable < chain.routes.length;
}

function worksFact(incident: Incident): Fact | null {
  const { working } = incident.evidence;
  return working.length === 0 ? null : { key: 'works', label: 'Still works', text: sayList(working) };
}

/** What the status page says, then what a gateway's own figures say: never one under the other's name. */
function witnessFacts(incident: Incident): Fact[] {
  const byWhom = new Map<string | null, string[]>();
  for (const witness of incident.evidence.witnesses) {
    const word = verdictWords[witness.status as keyof typeof verdictWords]?.page ?? witness.status;
    const lead = witness.leadMs === null ? '' : `, ${sayLead(witness.leadMs)}`;
    const by = witness.by ?? null;
    byWhom.set(by, [...(byWhom.get(by) ?? []), `${witness.component}: ${word}${lead}`]);
  }
  return [...byWhom]
    .sort(([a], [b]) => (a === null ? -1 : b === null ? 1 : a < b ? -1 : 1))
    .map(([by, said]) => ({
      key: by === null ? 'official' : 'reported',
      label: by === null ? 'Official page says' : `${nameOf(by)} says`,
      text: said.slice(0, 3).join('; '),
    }));
}

function sayLead(leadMs: number): string {
  if (leadMs === 0) return 'at the same time';
  return `${sayDuration(Math.abs(leadMs))} ${leadMs > 0 ? 'before' : 'after'} us`;
}

function detailFact(event: CoreEvent): Fact | null {
  if (event.reason === '' || event.reason === event.sentence) return null;
  return { key: 'detail', label: 'Why', text: event.reason };
}
