import { countedTargets } from '#lib/core/counted-targets.ts';
import type { ComponentState } from '#lib/core/plan.ts';
import { targetKey } from '#lib/core/target.ts';
import { type ComponentKind, type Verdict, verdictWords } from '#lib/core/words.ts';
import type { BarShelf, Bars } from './bars.ts';
import type { ViewContext } from './context.ts';
import type { Fresh } from './fresh.ts';
import { tickReader, ticksShown } from './last-ticks.ts';
import { gatewayName, shortModel } from './names.ts';
import { componentPath } from './paths.ts';
import type { Tick } from './ticks.ts';

/** One line of the list of everything watched: state, ninety days, the last checks. */
export interface ComponentRow {
  key: string;
  kind: ComponentKind;
  name: string;
  detail: string;
  path: string | null;
  verdict: Verdict;
  sinceMs: number | null;
  reason: string;
  /** What explains it, by name. */
  because: string | null;
  /** An open incident says more than the row could. */
  isTold: boolean;
  bars: Bars;
  ticks: Tick[];
  firstTokenMs: number | null;
}

export interface RowGroup {
  title: string | null;
  rows: ComponentRow[];
}

export interface RowTools {
  ctx: ViewContext;
  fresh: Fresh;
  shelf: BarShelf;
  name: (id: string) => string;
  ticksOf: (targetKey: string) => Tick[];
}

/** Gateways and providers, in the owner's groups where there are some. */
export function componentRows(given: Omit<RowTools, 'ticksOf'>): RowGroup[] {
  const tools = { ...given, ticksOf: tickReader(given.ctx) };
  const rows = tools.fresh.components
    .filter((c) => c.kind === 'gateway' || c.kind === 'catalog' || c.kind === 'provider' || c.kind === 'http')
    .map((c) => rowOf(c, tools))
    .sort(byKindThenName);
  const { groups } = tools.ctx.settings;
  if (groups.length === 0) return [{ title: null, rows }];
  const grouped = groups.map(({ title, members }) => ({
    title,
    rows: members.map((key) => rows.find((row) => row.key === key)).filter((row) => row !== undefined),
  }));
  const taken = new Set(groups.flatMap((group) => group.members));
  return [...grouped, { title: null, rows: rows.filter((row) => !taken.has(row.key)) }].filter(
    (g) => g.rows.length > 0,
  );
}

const kindOrder: ComponentKind[] = ['gateway', 'catalog', 'provider', 'http'];

function byKindThenName(a: ComponentRow, b: ComponentRow): number {
  return kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) || a.name.localeCompare(b.name);
}

export function rowOf(c: ComponentState, tools: RowTools): ComponentRow {
  const keys = keysOf(c, tools.fresh);
  const ticks = together(tools, keys);
  const models = c.kind === 'provider' ? countedTargets(c, tools.fresh.routes) : [];
  return {
    key: `${c.kind}:${c.id}`,
    kind: c.kind,
    name: nameOf(c, tools.name),
    detail: models.map((r) => shortModel(r.target.model ?? '')).join(', '),
    path: componentPath(c.kind, c.id),
    verdict: c.verdict,
    sinceMs: c.sinceMs,
    reason: c.reason,
    because: c.affectedBy && nameOf(refOf(c.affectedBy), tools.name),
    isTold: c.incidentId !== null || tools.fresh.guard.self === 'blind',
    bars: tools.shelf.of(keys),
    ticks,
    firstTokenMs: median(ticks.map((t) => t.firstTokenMs).filter((ms): ms is number => ms !== null)),
  };
}

/** `kind:id`, of which only the first colon divides. */
function refOf(key: string): Pick<ComponentState, 'kind' | 'id'> {
  const colon = key.indexOf(':');
  return { kind: key.slice(0, colon) as ComponentKind, id: key.slice(colon + 1) };
}

function nameOf(c: Pick<ComponentState, 'kind' | 'id'>, name: (id: string) => string): string {
  if (c.kind === 'gateway' || c.kind === 'catalog') return gatewayName(c.id);
  return c.kind === 'provider' ? name(c.id) : c.id;
}

/** The checks that stand for a component. */
export function keysOf(c: Pick<ComponentState, 'kind' | 'id'>, fresh: Fresh): string[] {
  if (c.kind === 'catalog') return [targetKey('catalog', { gateway: c.id, provider: null, model: null })];
  if (c.kind === 'http')
    return fresh.fleet.filter((w) => w.probe === 'http' && w.target.provider === c.id).map((w) => w.key);
  return countedTargets(c, fresh.routes).map((r) => targetKey('completion', r.target));
}

/** The last checks of several targets together: of many only a sample, they are shown one by one. */
function together({ ticksOf }: RowTools, keys: string[]): Tick[] {
  const few = keys.slice(0, 3);
  // The very same list as before where nothing is new: what was drawn of it still holds.
  if (few.length === 1) return ticksOf(few[0] ?? '');
  return few
    .flatMap(ticksOf)
    .sort((a, b) => a.atMs - b.atMs)
    .slice(-ticksShown);
}

function median(values: number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? null;
}

export function worstOf(verdicts: Verdict[]): Verdict {
  return verdicts.reduce<Verdict>(
    (worst, v) => (verdictWords[v].severity > verdictWords[worst].severity ? v : worst),
    verdicts[0] ?? 'unknown',
  );
}
