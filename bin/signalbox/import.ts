import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { type Command, exitCodes, type Io, Usage } from './command.ts';
import { fromGatus } from './movers/gatus.ts';
import { fromLitellm } from './movers/litellm.ts';
import { asObject, type Loose, type Moved } from './movers/mover.ts';
import { fromOpenRouterActivity } from './movers/openrouter-activity.ts';
import { fromUptimeKuma } from './movers/uptime-kuma.ts';

export const importHistory: Command = {
  summary: 'turns what you have (LiteLLM, Gatus, Uptime Kuma, OpenRouter activity) into signalbox.yaml',
  help: `
usage: npx signalbox import FILE [--from litellm|gatus|kuma|openrouter]

The kind is recognised by the file. The configuration goes to stdout, what could not be taken along to stderr; nothing
is changed, and no secret is copied:  npx signalbox import config.yaml > signalbox.yaml
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
  if (/^\s*model_list\s*:/m.test(bytes.toString('utf8'))) return 'litellm';
  if (/^\s*endpoints\s*:/m.test(bytes.toString('utf8'))) return 'gatus';
  if (/^[^\n]*\bmodel/i.test(head) && head.includes(',')) return 'openrouter';
  throw new Usage('the file is not recognised: say what it is with --from');
}

async function move(file: string, bytes: Buffer, kind: string): Promise<Moved> {
  switch (kind) {
    case 'litellm':
      return fromLitellm(parse(bytes.toString('utf8')));
    case 'gatus':
      return fromGatus(parse(bytes.toString('utf8')));
    case 'openrouter':
      return fromOpenRouterActivity(bytes.toString('utf8'));
    case 'kuma':
      return fromUptimeKuma(await monitorsOf(file), () => randomBytes(12).toString('hex'));
    default:
      throw new Usage('--from is litellm, gatus, kuma or openrouter');
  }
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
