import type { Fact, MessageContext } from './message.ts';
import { cutAt, plainLine, sayList } from './message-text.ts';
import { sayDuration, sayInstantTwice, saySpanTwice } from './message-time.ts';
import type { CoreEvent, Incident, Scope } from './plan.ts';
import { isStall } from './sentence-words.ts';
import { verdictWords } from './words.ts';

/** Whose fault, since when, how sure, what it hits, what still works, what the official page says: in this order. */
export function factsOf(event: CoreEvent, incident: Incident | null, context: MessageContext): Fact[] {
  const facts: (Fact | null)[] = incident
    ? [
        {
          key: 'cause',
          label: 'Cause',
          text: isStall(incident) ? 'our own process is overloaded' : sayCause(incident.scope),
        },
        sinceFact(event, incident, context),
        sureFact(incident),
        hitsFact(incident, context),
        incident.status === 'resolved' ? null : worksFact(incident),
        officialFact(incident),
      ]
    : [sinceFact(event, null, context), detailFact(event)];
  return facts
    .filter((fact) => fact !== null)
    .map((fact) => ({ ...fact, text: cutAt(plainLine(fact.text), 900) }));
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
  const counts = total > 0 ? `: ${failed} of ${total} checks failed in ${sayDuration(windowMs)}${over}` : '';
  const classes = Object.entries(incident.evidence.byClass)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([name, count]) => `${count} × ${name.replaceAll('_', ' ')}`);
  const kinds = classes.length > 0 ? ` (${classes.join(', ')})` : '';
  return { key: 'sure', label: 'How sure', text: `${incident.confidence} confidence${counts}${kinds}` };
}

function hitsFact(incident: Incident, context: MessageContext): Fact | null {
  const keys = new Set(incident.affected);
  const chains = (incident.status === 'resolved' ? [] : context.chains).filter(
    (chain) => chain.incidentId === incident.id || keys.has(`chain:${chain.id}`),
  );
  const said = chains.map((chain) => {
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

function worksFact(incident: Incident): Fact | null {
  const { working } = incident.evidence;
  return working.length === 0 ? null : { key: 'works', label: 'Still works', text: sayList(working) };
}

function officialFact(incident: Incident): Fact | null {
  const said = incident.evidence.witnesses.slice(0, 3).map((witness) => {
    const word = verdictWords[witness.status as keyof typeof verdictWords]?.page ?? witness.status;
    const lead = witness.leadMs === null ? '' : `, ${sayLead(witness.leadMs)}`;
    return `${witness.component}: ${word}${lead}`;
  });
  return said.length === 0 ? null : { key: 'official', label: 'Official page says', text: said.join('; ') };
}

function sayLead(leadMs: number): string {
  if (leadMs === 0) return 'at the same time';
  return `${sayDuration(Math.abs(leadMs))} ${leadMs > 0 ? 'before' : 'after'} us`;
}

function detailFact(event: CoreEvent): Fact | null {
  if (event.reason === '' || event.reason === event.sentence) return null;
  return { key: 'detail', label: 'Why', text: event.reason };
}
