import { type RuleText, ruleOfSlug, ruleText, ruleTexts } from '#lib/core/explain-rules.ts';
import type { OutcomeClass } from '#lib/core/outcome-words.ts';
import type { ViewContext } from './context.ts';
import { type Fresh, readFresh } from './fresh.ts';
import { gatewayName, providerNames } from './names.ts';
import { pathOf } from './paths.ts';
import type { Explained } from './web.ts';

export interface RuleRow extends RuleText {
  id: string;
  path: string;
}
/** Whether checks of ours end the same way at present, and where. */
export interface Happening {
  minutes: number;
  checks: number;
  hits: number;
  places: { name: string; path: string; hits: number }[];
}
export interface RulePage {
  rule: RuleRow;
  now: Happening;
  untilMs: number | null;
  position: string;
}
export interface ExplainView {
  asked: { status: string };
  explained: (Explained & { path: string | null; now: Happening }) | null;
  rules: { status: string; rows: RuleRow[] }[];
  untilMs: number | null;
  position: string;
}

const placesShown = 8;
const windowMs = 300_000;

export function allRules(): RuleRow[] {
  return Object.entries(ruleTexts).map(([id, text]) => ({ ...text, id, path: `/explain/${text.slug}` }));
}

export function rulePage(ctx: ViewContext, slug: string): RulePage | null {
  const id = ruleOfSlug(slug);
  const rule = allRules().find((row) => row.id === id);
  if (!rule) return null;
  const fresh = readFresh(ctx);
  return { rule, now: happening(ctx, fresh, rule.classes), untilMs: fresh.untilMs, position: fresh.position };
}

export function explainView(
  ctx: ViewContext,
  asked: { answer?: string | undefined; status?: string | undefined; provider?: string | undefined },
  explain: (pasted: { status: number | null; body: string; gateway: string }) => Explained,
): ExplainView {
  const status = /^[1-5]\d\d$/.test(asked.status?.trim() ?? '') ? Number(asked.status) : null;
  const fresh = readFresh(ctx);
  const explained =
    answerFor(asked.answer, status, asked.provider) ??
    (status === null ? null : explain({ status, body: '', gateway: 'openrouter' }));
  return {
    asked: { status: status === null ? '' : String(status) },
    explained: explained && {
      ...explained,
      path: explained.slug && `/explain/${explained.slug}`,
      now: happening(ctx, fresh, [explained.class]),
    },
    rules: byStatus(),
    untilMs: fresh.untilMs,
    position: fresh.position,
  };
}

/** What was pasted stayed with the form; only the row it fits arrives here. */
function answerFor(
  rule: string | undefined,
  status: number | null,
  provider: string | undefined,
): Explained | null {
  const text = rule === undefined ? null : ruleText(rule);
  const [outcomeClass] = text?.classes ?? [];
  if (!text || !outcomeClass || rule === undefined) return null;
  const { slug, title, meaning, whose, advice, fix } = text;
  const named = provider?.slice(0, 64) ?? null;
  const read = { status, code: null, message: null };
  return {
    rule,
    slug,
    class: outcomeClass,
    fault: 'unknown',
    named,
    title,
    meaning,
    whose,
    advice,
    fix,
    read,
  };
}

function byStatus(): ExplainView['rules'] {
  const groups = new Map<string, RuleRow[]>();
  for (const row of allRules()) {
    const first = row.status.split(/[ ,]/)[0] ?? '';
    groups.set(first, [...(groups.get(first) ?? []), row]);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([status, rows]) => ({ status, rows }));
}

export function happening(ctx: ViewContext, fresh: Fresh, classes: readonly OutcomeClass[]): Happening {
  const name = providerNames(ctx.store.catalog.providers('openrouter'));
  const windows = fresh.freshness === 'fresh' ? fresh.windows.filter((w) => w.windowMs === windowMs) : [];
  const hitsIn = (byClass: Record<string, number>): number =>
    classes.reduce((sum, c) => sum + (byClass[c] ?? 0), 0);
  const places = fresh.routes
    .map((route) => ({ route, window: windows.find((w) => w.targetKey === `completion|${route.targetId}`) }))
    .map(({ route, window }) => ({
      name: `${route.target.model} · ${route.target.provider === 'any' ? gatewayName(route.target.gateway ?? '') : name(route.target.provider ?? '')}`,
      path: pathOf.route(route.target),
      hits: window ? hitsIn(window.byClass) : 0,
    }))
    .filter((place) => place.hits > 0)
    .sort((a, b) => b.hits - a.hits);
  return {
    minutes: windowMs / 60_000,
    checks: windows.reduce((sum, w) => sum + w.samples, 0),
    hits: windows.reduce((sum, w) => sum + hitsIn(w.byClass), 0),
    places: places.slice(0, placesShown),
  };
}
