import { randomBytes } from 'node:crypto';
import { closeSync, createReadStream, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { loadConfig } from '#lib/config/load.ts';
import { classify } from '#lib/core/outcome.ts';
import { patienceMs, progressOn } from '../progress.ts';
import { type Command, exitCodes, type Io, Usage } from './command.ts';
import { withStore } from './desk-store.ts';
import { fromGatus } from './movers/gatus.ts';
import { readKuma } from './movers/kuma-file.ts';
import { fromLitellm } from './movers/litellm.ts';
import { asObject, type Moved } from './movers/mover.ts';
import { fromOpenRouterActivity } from './movers/openrouter-activity.ts';
import { fromUptimeKuma } from './movers/uptime-kuma.ts';

export const importHistory: Command = {
  summary: 'turns what you have (LiteLLM, Gatus, Uptime Kuma, OpenRouter activity) into signalbox.yaml',
  help: `
usage: npx signalbox import FILE [--from litellm|gatus|kuma|openrouter|history]

The kind is recognised by the file. The configuration goes to stdout, what could not be taken along to stderr; nothing
is changed, and no secret is copied:  npx signalbox import config.yaml > signalbox.yaml
A file that "export" wrote (history) goes into the database instead; what is there already is not counted twice.
  --from    says the kind, if it is not recognised

exit status: 0 all came along, 1 something stayed behind`,
  options: ['--from'],
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { from: { type: 'string' } },
    });
    const [name] = positionals;
    if (!name) throw new Usage('name the file to read');
    const file = resolve(io.cwd, name);
    if ((values.from ?? (looksLikeHistory(file) ? 'history' : null)) === 'history')
      return importLookLines(file, io);
    const bytes = read(file);
    const moved = await move(file, bytes, values.from ?? kindOf(bytes));
    if (Object.keys(moved.config).length > 0) io.out(stringify(moved.config).trimEnd());
    report(moved, io);
    return moved.left.length > 0 ? exitCodes.not : exitCodes.ok;
  },
};

const historyStart = /^\s*\{\s*"(?:v|incident|id)"/;

/** By its beginning: years of checks do not fit into memory. */
function looksLikeHistory(file: string): boolean {
  const head = Buffer.alloc(4096);
  const handle = opened(file);
  try {
    return historyStart.test(head.toString('latin1', 0, readSync(handle, head, 0, head.length, 0)));
  } catch {
    throw new Usage(`${file} cannot be read`);
  } finally {
    closeSync(handle);
  }
}

function opened(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (cause) {
    throw new Usage(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`);
  }
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new Usage(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`);
  }
}

function kindOf(bytes: Buffer): string {
  const head = bytes.subarray(0, 4096).toString('latin1');
  if (head.startsWith('SQLite format 3')) return 'kuma';
  if (/^\s*model_list\s*:/m.test(bytes.toString('utf8'))) return 'litellm';
  if (/^\s*endpoints\s*:/m.test(bytes.toString('utf8'))) return 'gatus';
  if (/^[^\n]*\bmodel/i.test(head) && head.includes(',')) return 'openrouter';
  throw new Usage('the file is not recognised: say what it is with --from');
}

async function move(file: string, bytes: Buffer, kind: string): Promise<Moved> {
  switch (kind) {
    case 'litellm':
      return fromLitellm(parseYaml(bytes));
    case 'gatus':
      return fromGatus(parseYaml(bytes));
    case 'openrouter':
      return fromOpenRouterActivity(bytes.toString('utf8'));
    case 'kuma': {
      const { monitors, others } = await readKuma(file);
      return fromUptimeKuma(monitors, () => randomBytes(12).toString('hex'), others);
    }
    default:
      throw new Usage('--from is litellm, gatus, kuma, openrouter or history');
  }
}

/** Somebody else's file: broken, too deep, or made to grow when it is read, it is one sentence. */
function parseYaml(bytes: Buffer): unknown {
  try {
    return parse(bytes.toString('utf8'));
  } catch (cause) {
    const [first = ''] = (cause as Error).message.split('\n');
    throw new Usage(`the file is no YAML that can be read: ${first.replace(/:$/, '')}`);
  }
}

/** On a machine where nothing has run yet an import is the beginning. */
async function makeStoreIfMissing(io: Io): Promise<void> {
  const { migrateStore, openStore, StoreProblem } = await import('#db/open.ts');
  const { dataDir, databaseUrl } = loadConfig({ env: io.env, cwd: io.cwd });
  const where = { dataDir, ...(databaseUrl ? { url: databaseUrl } : {}) };
  try {
    openStore({ ...where, isReader: true }).close();
  } catch (problem) {
    if (!(problem instanceof StoreProblem) || problem.code !== 'missing') throw problem;
    migrateStore(where);
  }
}

/** A line keeps what our own export says was made of it; one without that is judged by the table in force. */
async function importLookLines(file: string, io: Io): Promise<number> {
  const { importLines } = await import('#db/open.ts');
  await makeStoreIfMissing(io);
  const input = createReadStream(file);
  const { size } = statSync(file);
  // A bar stays on its line; a line of JSON ends like all the others.
  const write = (text: string) => (io.isTerminal ? process.stderr.write(text) : io.err(text.trimEnd()));
  const progress = progressOn({ isTTY: io.isTerminal, write }, { afterMs: patienceMs });
  input.on('data', () => progress.to(input.bytesRead / Math.max(1, size), 'taken in'));
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const done = await withStore(io, false, (store) => importLines(store, lines, (o) => classify(o).class));
  progress.end();
  io.err(
    `${done.looks} checks and ${done.incidents} incidents taken in, ${done.repeated} were there already`,
  );
  for (const { line, problem } of done.refused.slice(0, 20)) io.err(`line ${line}: ${problem}`);
  return done.refused.length > 0 ? exitCodes.not : exitCodes.ok;
}

function report({ config, left }: Moved, io: Io): void {
  const count = (value: unknown) =>
    Array.isArray(value) ? value.length : Object.keys(asObject(value)).length;
  const taken = Object.entries(config).map(([name, value]) => `${count(value)} ${name}`);
  io.err(`taken along: ${taken.join(', ') || 'nothing'}`);
  for (const one of left) io.err(`left behind: ${one}`);
}
