import { readFileSync, statfsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadConfig } from '#lib/config/load.ts';
import { ConfigProblem } from '#lib/config/problem.ts';
import { type Command, exitCodes } from './command.ts';
import { examineChannels, examineMail } from './doctor-channels.ts';
import { examineNetwork } from './doctor-network.ts';
import { examineDatabase } from './doctor-store.ts';
import { openDesk } from './one-look.ts';

type State = 'good' | 'note' | 'bad';
export interface Finding {
  what: string;
  state: State;
  text: string;
}

export const doctor: Command = {
  summary:
    'looks at this installation: versions, configuration, disk, names, clock, network, key, database, mail, channels',
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
  const findings: Finding[] = [ownVersion(), nodeVersion()];
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
    examineNetwork(desk()),
    examineDatabase(loaded),
    examineMail(loaded.config.smtp?.url ?? null),
    examineChannels(loaded.config),
  ]);
  return [...findings, ...parts.flat()];
}

function ownVersion(): Finding {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return { what: 'signalbox', state: 'good', text: version };
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
