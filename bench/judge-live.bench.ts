import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Watched } from '#lib/core/fleet.ts';
import { shareAt } from '#lib/testing/worlds/measure.ts';
import type { Print } from './figure.ts';
import type { ClockedFault, ClockedScene, ClockedSeen } from './judge-live/clocked.ts';
import { defaultFleet } from './judge-live/fleet.ts';
import type { Scene, Seen } from './judge-live/scene.ts';

export const name = 'judge live';

/**
 * The bars of live judgement, at default settings. First in real time: the worker, the simulated OpenRouter and the edge
 * as processes, one of each fault. Then on a clock turned by hand, with the worker's own scheduler, ledger, store and
 * judgement and only the sockets replaced, over many seeds.
 */
export async function run(print: Print): Promise<void> {
  await reportLive(print);
  await reportClocked(print);
}

const scenes: Scene[] = [
  { fault: 'gateway errors', seed: 1, isMended: true },
  { fault: 'provider dead', seed: 2, isMended: true },
  { fault: 'gateway hangs', seed: 3, isMended: true },
  { fault: 'gateway hangs', seed: 4, isFresh: true },
  { fault: 'calls hang', seed: 5 },
  { fault: 'provider fails at 40 %', seed: 6 },
];

/** All at once: they wait, mostly. */
async function reportLive(print: Print): Promise<void> {
  const all = await Promise.all(scenes.map(async (scene) => ({ scene, seen: await inChild(scene) })));
  for (const { scene, seen } of all) {
    const say = (figure: string, value: number | null, limit: number) =>
      print({
        figure: `live, ${scene.fault}${scene.isFresh ? ', nothing known before' : ''}: ${figure}`,
        // Not seen within the time that was waited.
        value: value ?? Number.MAX_SAFE_INTEGER,
        unit: 's',
        limit,
        note: `${seen.scope}, ${seen.incidents} incident`,
      });
    if (scene.fault.includes('hang')) {
      say('incident after it began', seen.openedS, 30);
      say('incident in the feed', seen.inFeedS, 30);
      say('most routes out in the feed', seen.outS, 30);
    } else if (scene.fault.includes('%')) say('incident after it began, one seed', seen.openedS, 600);
    else say('incident after the end of the first failing look', seen.afterFirstS, 5);
    if (scene.isMended) say('resolved after its end', seen.resolvedS, 60);
  }
}

function inChild(scene: Scene): Promise<Seen> {
  const path = fileURLToPath(new URL('./judge-live/scene.ts', import.meta.url));
  return lastLine<Seen>(path, scene);
}

const seeds = 40;

async function reportClocked(print: Print): Promise<void> {
  const fleet = await defaultFleet();
  const path = fileURLToPath(new URL('./judge-live/clocked.ts', import.meta.url));
  for (const { title, limits, ...rest } of clocked(fleet)) {
    const seen = await lastLine<ClockedSeen[]>(path, { ...rest, fleet, seed: 1, seeds });
    report(print, title, limits, seen);
  }
}

function report(print: Print, title: string, limits: Limits, seen: readonly ClockedSeen[]): void {
  const note = `${seen.length} seeds, clock turned by hand; ${tallied(seen.map((one) => one.scope))}`;
  const say = (what: string, values: (number | null)[], limit: number, share: number) =>
    print({
      figure: `${title}: ${what}, ${share === 0.5 ? 'median' : 'nine in ten'}`,
      value: shareAt(
        values.map((one) => one ?? Number.MAX_SAFE_INTEGER),
        share,
      ),
      unit: 's',
      limit,
      note,
    });
  const both = (what: string, values: (number | null)[], limit: number) => {
    say(what, values, limit, 0.5);
    say(what, values, limit, 0.9);
  };
  if (limits.opened)
    say(
      'incident after it began',
      seen.map((one) => one.openedS),
      limits.opened,
      0.5,
    );
  if (limits.openedMost)
    say(
      'incident after it began',
      seen.map((one) => one.openedS),
      limits.openedMost,
      0.9,
    );
  if (limits.afterFirst)
    both(
      'incident after the end of the first failing look',
      seen.map((one) => one.afterFirstS),
      limits.afterFirst,
    );
  if (limits.out)
    both(
      'most routes out of rotation',
      seen.map((one) => one.outS),
      limits.out,
    );
  if (limits.resolved)
    both(
      'resolved after its end',
      seen.map((one) => one.resolvedS),
      limits.resolved,
    );
  print({
    figure: `${title}: more than one incident`,
    value: seen.filter((one) => one.incidents > 1).length,
    unit: 'seeds',
    limit: 0,
  });
}

interface Limits {
  opened?: number;
  openedMost?: number;
  afterFirst?: number;
  out?: number;
  resolved?: number;
}

type Case = Omit<ClockedScene, 'fleet' | 'seed'> & { title: string; limits: Limits };

function clocked(fleet: readonly Watched[]): Case[] {
  const gateway: ClockedFault = { gateway: 'openrouter', share: 1, way: 'refuses' };
  const [crossed = '', lone = ''] = providersOf(fleet);
  const lastsMs = 120_000;
  return [
    { title: 'gateway answers errors', fault: gateway, lastsMs, limits: { afterFirst: 5, resolved: 60 } },
    {
      title: 'gateway hangs',
      fault: { ...gateway, way: 'hangs' },
      lastsMs,
      limits: { opened: 30, openedMost: 30, out: 30, resolved: 60 },
    },
    {
      title: 'gateway hangs, nothing known before',
      fault: { ...gateway, way: 'hangs' },
      isFresh: true,
      limits: { opened: 30, openedMost: 30, out: 30 },
    },
    {
      title: 'provider of several routes dead',
      fault: { ...gateway, provider: crossed },
      lastsMs,
      limits: { afterFirst: 5, resolved: 60 },
    },
    {
      title: 'provider of one route dead',
      fault: { ...gateway, provider: lone },
      lastsMs,
      limits: { afterFirst: 5, resolved: 60 },
    },
    {
      title: 'provider of several routes fails at 40 %',
      fault: { ...gateway, provider: crossed, share: 0.4 },
      limits: { opened: 180 },
    },
    {
      title: 'provider of one route fails at 40 %',
      fault: { ...gateway, provider: lone, share: 0.4 },
      limits: { opened: 180 },
    },
  ];
}

/** One that is watched on several routes, and one on a single, both every minute. */
function providersOf(fleet: readonly Watched[]): [string | undefined, string | undefined] {
  const core = fleet.filter((one) => one.probe === 'completion' && one.everyMs <= 120_000);
  const counts = new Map<string, number>();
  for (const { target } of core)
    if (target.provider !== 'any') counts.set(target.provider!, (counts.get(target.provider!) ?? 0) + 1);
  const find = (isWanted: (count: number) => boolean) =>
    [...counts].find(([, count]) => isWanted(count))?.[0];
  return [find((count) => count >= 2), find((count) => count === 1)];
}

function tallied(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${word || 'nothing'} ${count}`).join(', ');
}

/** A process of its own, told what to do on stdin; what it says last is the result. */
function lastLine<T>(path: string, argument: object): Promise<T> {
  const child = spawn(process.execPath, ['--no-warnings', path], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  child.stdin.end(JSON.stringify(argument));
  return new Promise((go, fail) => {
    child.once('exit', (code) => {
      const line = text.trim().split('\n').at(-1);
      if (code !== 0 || !line) fail(new Error(`${path} ended with ${code}`));
      else go(JSON.parse(line) as T);
    });
  });
}
