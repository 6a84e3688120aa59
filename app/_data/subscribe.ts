import type { ViewContext } from './context.ts';
import { type Fresh, readFresh } from './fresh.ts';
import { gatewayName, providerNames } from './names.ts';

export interface ScopeChoice {
  key: string;
  name: string;
  isChosen: boolean;
}
export interface SubscribeView {
  isEmailOffered: boolean;
  /** One email when this is over. */
  until: { id: string; title: string } | null;
  choices: { kind: 'gateway' | 'provider' | 'model' | 'chain'; list: ScopeChoice[] }[];
  chosen: string;
  sent: boolean;
  failed: boolean;
  baseUrl: string;
}

export function subscribeView(
  ctx: ViewContext,
  ask: {
    scope?: string | undefined;
    incident?: string | undefined;
    sent?: string | undefined;
    error?: string | undefined;
  },
): SubscribeView {
  const fresh = readFresh(ctx);
  const incident = ask.incident ? ctx.store.incidents.get(ask.incident) : null;
  const chosen = (ask.scope ?? '').split(',').filter((key) => key !== '');
  return {
    isEmailOffered: ctx.settings.hasSmtp,
    until:
      incident?.isPublic && incident.status === 'open' ? { id: incident.id, title: incident.title } : null,
    choices: (['gateway', 'chain', 'provider', 'model'] as const)
      .map((kind) => ({ kind, list: choicesOf(ctx, fresh, kind, chosen) }))
      .filter((group) => group.list.length > 0),
    chosen: chosen.join(','),
    sent: ask.sent !== undefined,
    failed: ask.error !== undefined,
    baseUrl: ctx.settings.url ?? '',
  };
}

function choicesOf(
  ctx: ViewContext,
  fresh: Fresh,
  kind: 'gateway' | 'provider' | 'model' | 'chain',
  chosen: string[],
): ScopeChoice[] {
  const name = providerNames(ctx.store.catalog.providers('openrouter'));
  const label = (id: string): string =>
    kind === 'gateway' ? gatewayName(id) : kind === 'provider' ? name(id) : id;
  return fresh.components
    .filter((c) => c.kind === kind)
    .map((c) => ({ key: `${kind}:${c.id}`, name: label(c.id), isChosen: chosen.includes(`${kind}:${c.id}`) }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
