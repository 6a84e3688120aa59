import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrateStore, openStore } from '#db/open.ts';
import { closeServer } from '#probes/sim/main.ts';
import { root } from '../launch.mjs';
import { progressOn } from '../progress.ts';
import { build, isBuilt } from '../start/build.ts';
import { type Part, supervise } from '../start/supervise.ts';
import { startControlApi } from './control-api.ts';
import { demoConfig, demoYaml, livePace } from './demo-config.ts';
import { createPanel } from './demo-faults.ts';
import { demoBuild } from './demo-fleet.ts';
import { startMailbox } from './mailbox.ts';
import { DemoProblem, help, readArgs, releaseFolder, takeFolder } from './options.ts';
import { generatePast, pastFleet } from './past/generate.ts';
import { type Places, placesFrom } from './places.ts';
import { tellStory } from './story.ts';
import { startWorld } from './world.ts';

const cannotGoOn = 78;

export async function main(argv: string[]): Promise<number> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  // Whoever read along has gone: the demo goes on.
  process.stdout.on('error', () => undefined);
  try {
    const { port, isHelp, ...args } = readArgs(argv);
    if (isHelp) {
      say(help);
      return 0;
    }
    return await runDemo({ places: placesFrom(port), ...args, say });
  } catch (cause) {
    const sentence = sentenceOf(cause, argv);
    if (sentence === null) throw cause;
    process.stderr.write(`${sentence}\n`);
    // Servers that did start would keep this process alive.
    setTimeout(() => process.exit(cannotGoOn), 100);
    return cannotGoOn;
  }
}

function sentenceOf(cause: unknown, argv: string[]): string | null {
  if (cause instanceof DemoProblem) return cause.message;
  const { code } = cause as NodeJS.ErrnoException;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return null;
  const { page, controls } = placesFrom(readArgs(argv).port);
  return `A port from ${page} to ${controls[2]} is taken: is a demo running? Try --port ${page === 4900 ? 5900 : 4900}.`;
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
  takeFolder(dataDir);
  // The pages are built while the past is made.
  const building = isBuilt(root) ? null : build(root, say);
  const mailbox = await startMailbox(places, nowMs);
  const panel = createPanel(world, nowMs);
  const story = tellStory(panel);
  if (options.isQuiet) story.set(false);
  const control = await startControlApi(places.control, { panel, story, letters: mailbox.letters });
  const configPath = join(dataDir, 'signalbox.yaml');
  writeFileSync(configPath, demoYaml(demoConfig(places, dataDir, livePace)));
  makePast(options, configPath);
  const failure = await building;
  if (failure) throw new DemoProblem(failure);
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
  releaseFolder(dataDir);
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
