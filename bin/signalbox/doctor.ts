import { statfsSync } from 'node:fs';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { loadConfig } from '#lib/config/load.ts';
import { ConfigProblem } from '#lib/config/problem.ts';
import { createTrusted } from '#lib/http.ts';
import { type Command, exitCodes } from './command.ts';
import { openDesk } from './one-look.ts';

type State = 'good' | 'note' | 'bad';
interface Finding {
  what: string;
  state: State;
  text: string;
}

export const doctor: Command = {
  summary: 'looks at this installation: versions, clock, disk, names, network, key, mail, channels, database',
  help: `
usage: npx signalbox doctor [--json]

Changes nothing, sends no message and makes no paid call.

exit status: 0 sound, 1 something needs mending`,
  options: ['--json'],
  async run(args, io) {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } });
    const findings = await examine(io.env, io.cwd, () => openDesk(io));
    const sign: Record<State, string> = { good: 'ok  ', note: 'note', bad: 'BAD ' };
    for (const one of findings)
      io.out(values.json ? JSON.stringify(one) : `${sign[one.state]}  ${one.what.padEnd(12)}${one.text}`);
    return findings.some(({ state }) => state === 'bad') ? exitCodes.not : exitCodes.ok;
  },
};

async function examine(
  env: Record<string, string | undefined>,
  cwd: string,
  desk: () => ReturnType<typeof openDesk>,
): Promise<Finding[]> {
  const findings: Finding[] = [nodeVersion()];
  let loaded: ReturnType<typeof loadConfig>;
  try {
    loaded = loadConfig({ env, cwd });
    findings.push({
      what: 'config',
      state: 'good',
      text: loaded.file ?? 'no file, the defaults are in force',
    });
  } catch (problem) {
    if (!(problem instanceof ConfigProblem)) throw problem;
    return [
      ...findings,
      ...problem.message.split('\n').map((text) => ({ what: 'config', state: 'bad' as const, text })),
    ];
  }
  findings.push(disk(loaded.dataDir));
  const parts = await Promise.all([
    network(desk()),
    database(loaded),
    smtp(loaded.config.smtp?.url ?? null),
    channels(loaded.config.channels),
  ]);
  return [...findings, ...parts.flat()];
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isPublicFloor = major > 24 || (major === 24 && minor >= 22);
  return {
    what: 'node',
    state: isPublicFloor ? 'good' : 'note',
    text: isPublicFloor
      ? process.versions.node
      : `${process.versions.node}: for a server in public use 24.22.1 or newer (deploy/Dockerfile)`,
  };
}

function disk(dataDir: string): Finding {
  try {
    const { bavail, bsize, blocks } = statfsSync(dataDir);
    const freeGb = (bavail * bsize) / 1e9;
    const share = bavail / blocks;
    return {
      what: 'disk',
      state: freeGb < 1 || share < 0.05 ? 'bad' : 'good',
      text: `${freeGb.toFixed(1)} GB free for ${dataDir}`,
    };
  } catch {
    return { what: 'disk', state: 'note', text: `${dataDir} does not exist yet: the first start makes it` };
  }
}

async function network(desk: ReturnType<typeof openDesk>): Promise<Finding[]> {
  const of = (probe: string) => desk.fleet.watched.filter((one) => one.probe === probe);
  const gateway = of('catalog')[0];
  const account = of('account')[0];
  const [controls, edge, key, clock] = await Promise.all([
    Promise.all(of('control').map((one) => desk.look(one, 4_000))),
    gateway ? desk.look(gateway, 5_000) : null,
    account ? desk.look(account, 5_000) : null,
    clockOffset(of('control').map(({ baseUrl }) => baseUrl)),
  ]);
  const dead = controls.filter(({ outcome }) => outcome.weight !== 'good');
  const names = dead
    .map(
      ({ watched, observation }) => `${watched.target.provider} (${observation.fault ?? observation.status})`,
    )
    .join(', ');
  const findings: Finding[] = [
    {
      what: 'network',
      state: dead.length === 0 ? 'good' : dead.length < controls.length / 2 ? 'note' : 'bad',
      text:
        dead.length === 0
          ? `all ${controls.length} controls answer`
          : `${dead.length} of ${controls.length} controls do not answer: ${names}`,
    },
    clock,
  ];
  if (edge)
    findings.push({
      what: 'gateway',
      state: edge.outcome.weight === 'bad' ? 'bad' : 'good',
      text:
        edge.outcome.weight === 'bad'
          ? edge.outcome.reason
          : `answers in ${Math.round(edge.observation.timing.headersMs ?? 0)} ms`,
    });
  findings.push(
    key
      ? {
          what: 'key',
          state: key.observation.account?.valid ? 'good' : 'bad',
          text: key.observation.account?.valid ? 'valid' : key.outcome.reason,
        }
      : { what: 'key', state: 'note', text: 'no OPENROUTER_API_KEY: only free checks run' },
  );
  return findings;
}

/** A wrong clock makes every published time wrong and every signature suspect. */
async function clockOffset(urls: string[]): Promise<Finding> {
  const http = createTrusted();
  for (const url of urls) {
    const look = await http.request({ url, limits: { totalMs: 4_000 }, onChunk: () => 'stop' });
    const date = Date.parse(look.headers.date ?? '');
    if (Number.isNaN(date)) continue;
    const offS = Math.round((Date.now() - date) / 1000);
    return {
      what: 'clock',
      state: Math.abs(offS) > 5 ? 'bad' : 'good',
      text: Math.abs(offS) > 5 ? `off by ${offS} s: set up time synchronisation` : 'agrees with the network',
    };
  }
  return { what: 'clock', state: 'note', text: 'could not be compared: no control sent its time' };
}

async function database(loaded: ReturnType<typeof loadConfig>): Promise<Finding[]> {
  // Loaded here only: a machine without a database should not pay for its driver.
  const { openStore, StoreProblem } = await import('#db/open.ts');
  try {
    const store = openStore({
      dataDir: loaded.dataDir,
      isReader: true,
      ...(loaded.databaseUrl ? { url: loaded.databaseUrl } : {}),
    });
    try {
      const beat = store.upkeep.lastBeat();
      const agoS = beat ? Math.round((Date.now() - beat.atMs) / 1000) : null;
      const { due, dead, oldestDueAtMs } = store.outbox.pending(Date.now());
      const waitedS = oldestDueAtMs === null ? 0 : Math.round((Date.now() - oldestDueAtMs) / 1000);
      const waiting = waitedS > 0 ? `${due} waiting, the oldest for ${waitedS} s` : `${due} waiting`;
      return [
        { what: 'database', state: 'good', text: 'opens and has the right version' },
        agoS === null || agoS > 90
          ? {
              what: 'worker',
              state: 'note',
              text: agoS === null ? 'has never run here' : `last seen ${agoS} s ago: it does not run`,
            }
          : { what: 'worker', state: 'good', text: `seen ${agoS} s ago` },
        {
          what: 'messages',
          state: dead > 0 || waitedS > 300 ? 'note' : 'good',
          text: `${waiting}, ${dead} given up`,
        },
        ...canaryOf(beat?.facts.deliveries),
      ];
    } finally {
      store.close();
    }
  } catch (problem) {
    if (!(problem instanceof StoreProblem)) throw problem;
    const isNew = problem.code === 'missing' || problem.code === 'not_migrated';
    return [
      {
        what: 'database',
        state: isNew ? 'note' : 'bad',
        text: isNew ? 'not made yet: the first start makes it' : problem.message,
      },
    ];
  }
}

/** Our own hourly message through store, outbox, sender and socket. */
function canaryOf(facts: unknown): Finding[] {
  const canary = (facts as { canary?: { isAlive?: unknown } | null } | null | undefined)?.canary;
  if (typeof canary?.isAlive !== 'boolean') return [];
  const { isAlive } = canary;
  const text = isAlive
    ? 'our own message comes back'
    : 'our own message does not come back: nothing is being sent';
  return [{ what: 'sending', state: isAlive ? 'good' : 'bad', text }];
}

async function smtp(url: string | null): Promise<Finding[]> {
  if (!url) return [{ what: 'mail', state: 'note', text: 'no smtp: email is off' }];
  let host: string;
  let port: number;
  try {
    const parsed = new URL(url);
    host = parsed.hostname;
    port = Number(parsed.port) || (parsed.protocol === 'smtps:' ? 465 : 587);
  } catch {
    return [
      { what: 'mail', state: 'bad', text: 'smtp.url is no address; expected smtps://user:password@host:465' },
    ];
  }
  const reached = await new Promise<string | null>((done) => {
    const socket = connect({ host, port, timeout: 4_000 });
    socket.on('connect', () => done(null));
    socket.on('timeout', () => done('no answer in 4 s'));
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'failed'));
    socket.on('close', () => socket.destroy());
  });
  return [
    {
      what: 'mail',
      state: reached ? 'bad' : 'good',
      text: reached ? `${host}:${port} cannot be reached: ${reached}` : `${host}:${port} answers`,
    },
  ];
}

async function channels(list: { type: string; name?: string | undefined }[]): Promise<Finding[]> {
  if (list.length === 0) return [{ what: 'channels', state: 'note', text: 'none: nobody is told' }];
  const { channelOf } = await import('#lib/notify/table.ts');
  return list.map(({ type, name }) =>
    channelOf(type)
      ? {
          what: 'channel',
          state: 'good',
          text: `${name ?? type}: try it with "npx signalbox send-test ${name ?? type}"`,
        }
      : { what: 'channel', state: 'bad', text: `there is no channel type "${type}"` },
  );
}
