import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { migrateStore, openStore } from '#db/open.ts';
import { closeServer } from '#probes/sim/main.ts';
import { root } from '../launch.mjs';
import { build, isBuilt } from '../start/build.ts';
import { type Part, supervise } from '../start/supervise.ts';
import { startControlApi } from './control-api.ts';
import { demoConfig, demoYaml, livePace } from './demo-config.ts';
import { createPanel } from './demo-faults.ts';
import { demoBuild } from './demo-fleet.ts';
import { startMailbox } from './mailbox.ts';
import { generatePast, pastFleet } from './past/generate.ts';
import { firstPort, type Places, placesFrom } from './places.ts';
import { progressOn } from './progress.ts';
import { tellStory } from './story.ts';
import { startWorld } from './world.ts';

const help = `npm run demo -- [--port ${firstPort}] [--data demo-data] [--seed 7] [--quiet]

The whole product on this machine alone: a simulated OpenRouter, ninety days of history, and faults at the push of a
button. It opens no connection to the outside and keeps its data in a folder of its own, made anew at each start.
--quiet: no fault unless you cause it.`;

const cannotGoOn = 78;
/** Says that a folder belongs to the demo and may be emptied. */
const mark = '.signalbox-demo';

export async function main(argv: string[]): Promise<number> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const { values } = parseArgs({
    args: argv,
    options: {
      port: { type: 'string', default: String(firstPort) },
      data: { type: 'string', default: 'demo-data' },
      seed: { type: 'string', default: '7' },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(help);
    return 0;
  }
  const places = placesFrom(Number(values.port));
  const dataDir = resolve(values.data);
  if (!isOurs(dataDir))
    return complain(
      `${dataDir} is not a folder of the demo: nothing was touched. Choose another with --data.`,
    );
  if (!isBuilt(root)) {
    const failure = await build(root, say);
    if (failure !== null) return complain(failure);
  }
  try {
    return await runDemo({ places, dataDir, seed: Number(values.seed), isQuiet: values.quiet, say });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // Servers that did start would keep this process alive.
    setTimeout(() => process.exit(cannotGoOn), 100);
    if (code === 'EADDRINUSE')
      return complain(
        `A port from ${places.page} to ${places.controls[2]} is taken: is a demo running? Try --port 4900.`,
      );
    throw cause;
  }
}

function complain(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return cannotGoOn;
}

/** Only a folder that the demo made may be emptied. */
function isOurs(dataDir: string): boolean {
  return !existsSync(dataDir) || readdirSync(dataDir).length === 0 || existsSync(join(dataDir, mark));
}

function emptyFolder(dataDir: string): void {
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(
    join(dataDir, mark),
    'Everything in here is made up, and made anew at each start of the demo.\n',
  );
}

interface DemoOptions {
  places: Places;
  dataDir: string;
  seed: number;
  isQuiet: boolean;
  say: (line: string) => void;
}

async function runDemo(options: DemoOptions): Promise<number> {
  const { places, dataDir, say } = options;
  say('DEMO: everything is simulated on this machine. Nothing is measured, nothing leaves it.');
  const nowMs = (): number => Date.now();
  // The ports come first: a demo that is already running keeps its folder.
  const world = await startWorld(places, options.seed);
  emptyFolder(dataDir);
  const mailbox = await startMailbox(places, nowMs);
  const panel = createPanel(world, nowMs);
  const story = tellStory(panel);
  if (options.isQuiet) story.set(false);
  const control = await startControlApi(places.control, { panel, story, letters: mailbox.letters });
  const configPath = join(dataDir, 'signalbox.yaml');
  writeFileSync(configPath, demoYaml(demoConfig(places, dataDir, livePace)));
  makePast(options, configPath);
  const run = supervise({
    parts: ['worker', 'web'].map((name) => childPart(name, configPath, places)),
    backoffMs: { first: 500, longest: 30_000 },
    steadyMs: 60_000,
    stopMs: 12_000,
    say,
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, run.stop);
  say(
    `Page http://${places.host}:${places.page}  controls http://${places.host}:${places.page}/demo  mailbox http://${places.host}:${places.page}/demo/mailbox`,
  );
  const status = await run.done;
  story.stop();
  panel.mend();
  await Promise.all([closeServer(control), mailbox.close(), world.close()]);
  return status;
}

/** The children get nothing of the user's environment but what a process needs to run at all. */
function childPart(name: string, configPath: string, places: Places): Part {
  const { PATH, SystemRoot, TEMP } = process.env;
  return {
    name,
    args: [join(root, 'bin', 'demo', `${name}.mjs`), configPath, String(places.page)],
    env: {
      ...{ PATH, SystemRoot, TEMP },
      NEXT_TELEMETRY_DISABLED: '1',
      UV_THREADPOOL_SIZE: '16',
      NODE_ENV: 'production',
    },
  };
}

function makePast({ places, dataDir, seed, say }: DemoOptions, configPath: string): void {
  const startedMs = performance.now();
  migrateStore({ dataDir });
  const store = openStore({ dataDir });
  const progress = progressOn(process.stdout);
  try {
    const nowMs = Date.now();
    const fleet = pastFleet(configPath, process.cwd(), demoBuild(places), nowMs);
    const made = generatePast({ store, fleet, nowMs, seed, progress });
    progress.end();
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    say(
      `Ninety days in ${seconds} s: ${made.hours} hours of history, ${made.looks} looks, ${made.incidents} incidents.`,
    );
  } finally {
    store.close();
  }
}
