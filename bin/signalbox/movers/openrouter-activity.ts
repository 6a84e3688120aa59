import { type Moved, moved } from './mover.ts';

/** OpenRouter's activity export (CSV): the models somebody really uses become `watch`. */
export function fromOpenRouterActivity(csv: string, most = 10): Moved {
  const [head, ...lines] = csv.split(/\r?\n/).filter((line) => line.trim() !== '');
  const columns = cells((head ?? '').replace(/^\uFEFF/, '')).map((name) => name.toLowerCase().trim());
  const at = columns.findIndex((name) =>
    ['model', 'model_permaslug', 'model_slug', 'model name'].includes(name),
  );
  const variant = columns.indexOf('variant');
  const cost = columns.findIndex((name) => /cost|usage|spend/.test(name));
  if (at < 0) return { config: {}, left: ['the file has no column called model'] };
  let odd = 0;
  const used = new Map<string, { calls: number; usd: number }>();
  for (const line of lines) {
    const row = cells(line);
    const named = (row[at] ?? '').trim();
    const kind = variant < 0 ? '' : (row[variant] ?? '').trim();
    const model =
      /^(?:free|thinking|extended)$/.test(kind) && !named.includes(':') ? `${named}:${kind}` : named;
    if (!/^[\w.-]+\/[\w.:-]+$/.test(model)) {
      odd += 1;
      continue;
    }
    const known = used.get(model) ?? { calls: 0, usd: 0 };
    used.set(model, { calls: known.calls + 1, usd: known.usd + (Number(row[cost] ?? 0) || 0) });
  }
  const order = [...used].sort(([a, x], [b, y]) => y.usd - x.usd || y.calls - x.calls || (a < b ? -1 : 1));
  const watch = order.slice(0, most).map(([model]) => model);
  const left = order.length > most ? [`${order.length - most} models that are used less`] : [];
  if (odd > 0) left.push(`${odd} rows that name no model`);
  return moved(watch.length > 0 ? { gateways: { openrouter: { watch } } } : {}, left);
}

/** One line of CSV with quotes as RFC 4180 has them. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted !== undefined ? quoted.replaceAll('""', '"') : (plain ?? ''),
  );
}
