import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { classify } from '#lib/core/outcome.ts';
import { type Command, exitCodes, type Io, Usage } from './command.ts';
import { withStore } from './desk-store.ts';
import { fromGatus } from './movers/gatus.ts';
import { fromLitellm } from './movers/litellm.ts';
import { asObject, type Loose, type Moved } from './movers/mover.ts';
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
    const bytes = read(file);
    if ((values.from ?? kindOf(bytes)) === 'history') return importLookLines(bytes, io);
    const moved = await move(file, bytes, values.from ?? kindOf(bytes));
    if (Object.keys(moved.config).length > 0) io.out(stringify(moved.config).trimEnd());
    report(moved, io);
    return moved.left.length > 0 ? exitCodes.not : exitCodes.ok;
  },
};

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
  if (/^\s*\{\s*"(?:v|incident|id)"/.test(head)) return 'history';
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
    case 'kuma':
      return fromUptimeKuma(await monitorsOf(file), () => randomBytes(12).toString('hex'));
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

/** Each look is judged anew by the table in force: the file says what was seen, not what to think of it. */
async function importLookLines(bytes: Buffer, io: Io): Promise<number> {
  const { importLines } = await import('#db/open.ts');
  const done = await withStore(io, false, (store) =>
    importLines(
      store,
      bytes
        .toString('utf8')
        .split('\n')
        .filter((line) => line.trim() !== ''),
      (o) => classify(o).class,
    ),
  );
  io.err(
    `${done.looks} checks and ${done.incidents} incidents taken in, ${done.repeated} were there already`,
  );
  for (const { line, problem } of done.refused.slice(0, 20)) io.err(`line ${line}: ${problem}`);
  return done.refused.length > 0 ? exitCodes.not : exitCodes.ok;
}

/** Somebody else's database is only ever read. */
async function monitorsOf(file: string): Promise<Loose[]> {
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    return db.prepare('select * from monitor').all().map(asObject);
  } catch {
    throw new Usage('this SQLite file has no table of monitors: it is not Uptime Kuma’s');
  } finally {
    db.close();
  }
}

function report({ config, left }: Moved, io: Io): void {
  const count = (value: unknown) =>
    Array.isArray(value) ? value.length : Object.keys(asObject(value)).length;
  const taken = Object.entries(config).map(([name, value]) => `${count(value)} ${name}`);
  io.err(`taken along: ${taken.join(', ') || 'nothing'}`);
  for (const one of left) io.err(`left behind: ${one}`);
}
