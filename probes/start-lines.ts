import { fleetCostPerDay } from '#lib/config/fleet.ts';
import type { Loaded } from '#lib/config/load.ts';
import { isPaid } from '#lib/core/budget.ts';
import type { Watched } from '#lib/core/fleet.ts';

/** What matters at the start, one line per fact. */
export function startLines(
  loaded: Loaded,
  watched: readonly Watched[],
  remarks: readonly string[],
  stretch: number,
): string[] {
  const paid = watched.filter(isPaid);
  const cost = fleetCostPerDay(paid);
  const { budget } = loaded.config;
  const lines = [`Watching ${countByKind(watched)} from "${loaded.config.vantage}".`];
  if (paid.length === 0) {
    lines.push(unpaidLine(loaded));
  } else {
    lines.push(
      `Calls cost about ${usd(cost.usd)} a day, ${usd(cost.usd * 30)} a month (at most ${usd(budget.usd_per_day)} a day, ${usd(budget.usd_per_month)} a month). No calls: "routes: []" under the gateway in signalbox.yaml.`,
    );
    if (!Number.isFinite(stretch)) lines.push('The budget is nought: no call is paid for.');
    else if (stretch > 1)
      lines.push(`To fit the budget, all calls are made ${stretch.toFixed(2)} times less often.`);
  }
  return [...lines, ...remarks.map((remark) => `Not watched: ${remark}.`)];
}

function unpaidLine({ config, env }: Loaded): string {
  const gateways = Object.values(config.gateways);
  const hasKey = Boolean(env.OPENROUTER_API_KEY?.trim()) || gateways.some(({ key }) => key);
  if (!hasKey)
    return 'No calls are paid for: there is no key, so only what is free is checked. With one, real calls are made: OPENROUTER_API_KEY=sk-or-v1-… npm start';
  if (gateways.some(({ routes }) => routes?.length === 0))
    return 'No calls are paid for: "routes: []" says so. What is free is checked all the same.';
  return 'No calls are paid for yet: routes are chosen once the catalogue has been read.';
}

function countByKind(watched: readonly Watched[]): string {
  const counts = new Map<string, number>();
  for (const w of watched) {
    const kind = w.probe === 'completion' ? 'route' : w.probe === 'control' ? 'control' : `${w.probe} check`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const parts = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, n]) => `${n} ${kind}${n === 1 ? '' : 's'}`);
  return `${watched.length} targets (${parts.join(', ')})`;
}

function usd(amount: number): string {
  return `${amount.toFixed(2)} USD`;
}
