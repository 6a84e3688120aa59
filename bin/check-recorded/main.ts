import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blankObservation } from '#lib/core/observation.ts';
import { classify } from '#lib/core/outcome.ts';
import { extractError } from '#lib/error-facts.ts';
import { redactFamilies } from '#lib/redact.ts';
import { checkSharedStreams } from '#probes/dialects/shared-streams.check.ts';
import { readModelList } from '#probes/kinds/model-list.ts';
import { readProviderList } from '#probes/kinds/provider-list.ts';
import { checkSharedData } from '#probes/pages/shared-data.check.ts';

/** The parsers against payloads recorded elsewhere: status pages, and every error body against its expected row. */
export async function main([folder]: string[]): Promise<number> {
  if (!folder || !existsSync(folder)) {
    process.stderr.write('usage: npm run check:recorded -- FOLDER (a folder that exists)\n');
    return 64;
  }
  const errors = checkErrors(join(folder, 'openrouter', 'errors', 'error-bodies.jsonl'));
  const complaints = [
    ...(checkSharedData(folder) ?? []),
    ...errors.complaints,
    ...checkLists(folder),
    ...checkSharedStreams(folder),
  ];
  for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
  process.stdout.write(
    `${errors.checked} recorded errors and every recorded status page read: ${complaints.length} complaints\n`,
  );
  return complaints.length > 0 ? 1 : 0;
}

interface Row {
  id: string;
  http_status: number;
  where: string;
  body: unknown;
  expected: { rule: string; fault: string };
}

function checkErrors(file: string): { checked: number; complaints: string[] } {
  if (!existsSync(file)) return { checked: 0, complaints: [] };
  const rows = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
  const complaints = rows.flatMap((row) => {
    const rule = ruleOf(row);
    return rule === row.expected.rule ? [] : [`${row.id}: row ${rule}, expected ${row.expected.rule}`];
  });
  return { checked: rows.length, complaints };
}

function ruleOf(row: Row): string {
  const body = (typeof row.body === 'object' ? row.body : null) as Record<string, unknown> | null;
  const choice = (body?.choices as Record<string, unknown>[] | undefined)?.[0];
  const carrier = body?.error ? body : choice?.error ? choice : body;
  const finish = typeof choice?.finish_reason === 'string' ? choice.finish_reason : null;
  const hasError = Boolean(body?.error ?? choice?.error) || row.http_status >= 400;
  const error = hasError
    ? extractError(carrier ?? row.body, {
        headers: {},
        redact: redactFamilies,
        inBand: row.http_status === 200,
        body: body ? 'json' : 'text',
        providerId: (name) => name,
      })
    : null;
  return classify(
    blankObservation({
      atMs: 0,
      vantage: 'recorded',
      probe: 'completion',
      target: { gateway: 'openrouter', provider: 'any', model: null },
      reached: 'first_byte',
      status: row.http_status,
      error,
      output: error ? null : { tokens: 0, reasoningTokens: 0, finish, done: true, answer: null },
    }),
  ).rule;
}

/** Every model and provider of the recorded lists is read: none dropped, none without a price or a reason. */
function checkLists(folder: string): string[] {
  const complaints: string[] = [];
  const models = join(folder, 'openrouter', 'models', 'models.2026-05-18.full-356.json');
  if (existsSync(models)) {
    const read =
      readModelList(JSON.parse(readFileSync(models, 'utf8')), 'https://openrouter.ai/api/v1/models')
        ?.models ?? [];
    if (read.length !== 356) complaints.push(`${models}: ${read.length} models read of 356`);
  }
  const providers = join(folder, 'openrouter', 'providers', 'providers.2026-05-18.full-82.json');
  if (existsSync(providers)) {
    const read = readProviderList(JSON.parse(readFileSync(providers, 'utf8')));
    if (read.length !== 82) complaints.push(`${providers}: ${read.length} providers read of 82`);
  }
  return complaints;
}
