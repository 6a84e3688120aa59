import type { Link, MessageContext } from './message.ts';
import type { CoreEvent, Incident } from './plan.ts';
import { escapeIdPart } from './target.ts';

/** Only https and http addresses ever become links. */
export function isWebAddress(url: string): boolean {
  return /^https?:\/\/[^\s"'<>`|\\\u0000-\u0020]+$/i.test(url);
}

/** The runbook, the page about it, then what only this receiver may press. */
export function linksOf(event: CoreEvent, incident: Incident | null, context: MessageContext): Link[] {
  const links: Link[] = [];
  const runbook = runbookOf(event, incident, context);
  if (runbook) links.push({ key: 'runbook', text: 'Runbook', url: runbook });
  const page = context.baseUrl === null ? null : pageOfEvent(event, context.baseUrl);
  if (page) links.push({ key: 'incident', text: incident ? 'Incident' : 'Details', url: page });
  const official = event.data.url;
  if (typeof official === 'string') links.push({ key: 'official', text: 'Official page', url: official });
  return [...links, ...context.own].filter((link) => isWebAddress(link.url));
}

function runbookOf(event: CoreEvent, incident: Incident | null, context: MessageContext): string | null {
  const scope = incident?.scope ?? event.scope;
  if (!scope) return null;
  return context.runbooks[`${scope.kind}:${scope.id}`] ?? context.runbooks[scope.kind] ?? null;
}

const pages: Record<string, string> = {
  gateway: 'gateways',
  provider: 'providers',
  model: 'models',
  route: 'routes',
  chain: 'chains',
};

/** Where to read more about it: messages and feeds lead to the same place. */
export function pageOfEvent(event: Pick<CoreEvent, 'incidentId' | 'scope'>, baseUrl: string): string {
  const base = baseUrl.replace(/\/+$/, '');
  if (event.incidentId !== null) return `${base}/incidents/${escapeIdPart(event.incidentId)}`;
  const folder = event.scope ? pages[event.scope.kind] : undefined;
  if (!folder || !event.scope) return `${base}/`;
  return `${base}/${folder}/${event.scope.id.split('/').map(encodeURIComponent).join('/')}`;
}
