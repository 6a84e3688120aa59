import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { firstPort, placesFrom } from './places.ts';

export const help = `npm run demo -- [--port ${firstPort}] [--data demo-data] [--seed 7] [--quiet]

The whole product on this machine alone: a simulated OpenRouter, ninety days of history, and faults at the push of a
button. It opens no connection to the outside and keeps its data in a folder of its own, made anew at each start.
--port: the page; the parts of the demo take the twelve ports after it.
--quiet: no fault unless you cause it.`;

/** What cannot be done as it was asked for, in a sentence. */
export class DemoProblem extends Error {}

export interface DemoArgs {
  port: number;
  dataDir: string;
  seed: number;
  isQuiet: boolean;
  isHelp: boolean;
}

const highestPort = 65_535;

export function readArgs(argv: string[]): DemoArgs {
  const values = parsed(argv);
  const port = Number(values.port ?? firstPort);
  const highest = highestPort - placesFrom(0).controls[2];
  if (!Number.isInteger(port) || port < 1 || port > highest)
    throw new DemoProblem(`--port is a number from 1 to ${highest}.`);
  const seed = Number(values.seed ?? 7);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new DemoProblem('--seed is a whole number.');
  // A second demo on other ports has a folder of its own as well.
  const usual = port === firstPort ? 'demo-data' : `demo-data-${port}`;
  const dataDir = resolve(values.data ?? usual);
  return { port, dataDir, seed, isQuiet: values.quiet === true, isHelp: values.help === true };
}

function parsed(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        seed: { type: 'string' },
        quiet: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    throw new DemoProblem(`${(cause as Error).message}\n${help.split('\n')[0]}`);
  }
}

/** Says that a folder belongs to the demo and may be emptied; and whose it is now. */
const mark = '.signalbox-demo';

/** Only a folder that the demo made may be emptied, and only while no demo lives in it. */
export function takeFolder(dataDir: string): void {
  const markFile = join(dataDir, mark);
  const isOurs = existsSync(markFile);
  if (!isOurs && existsSync(dataDir) && !isEmpty(dataDir))
    throw new DemoProblem(
      `${dataDir} is not a folder of the demo: nothing was touched. Choose another with --data.`,
    );
  const owner = isOurs ? Number(/^\d+/.exec(readFileSync(markFile, 'utf8'))?.[0] ?? 0) : 0;
  if (owner !== process.pid && isAlive(owner))
    throw new DemoProblem(
      `A demo (process ${owner}) lives in ${dataDir}: stop it, or choose another folder with --data.`,
    );
  try {
    rmSync(dataDir, { recursive: true, force: true });
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeMark(dataDir, process.pid);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new DemoProblem(`${dataDir} cannot be written (${code}): choose another folder with --data.`);
  }
}

export function releaseFolder(dataDir: string): void {
  writeMark(dataDir, 0);
}

function writeMark(dataDir: string, owner: number): void {
  const about = 'Everything in here is made up, and made anew at each start of the demo.';
  writeFileSync(join(dataDir, mark), `${owner}\n${about}\n`);
}

function isEmpty(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    // A file, or something that may not be read.
    return false;
  }
}

function isAlive(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
