import type { Scope } from '#lib/core/plan.ts';
import { runWorld, type Story, storiesOf } from './run.ts';
import type { Truth, World } from './world.ts';

/** Compares what was said about a world with what was true. No line: all is well. */
export function checkWorld(world: World): string[] {
  const { events } = runWorld(world.observations);
  const stories = storiesOf(events);
  const problems: string[] = [];
  const told = new Set<Story>();
  for (const truth of world.truth) {
    const story = stories.find((one) => !told.has(one) && isAbout(one, truth));
    if (!story) {
      if (!world.isOptional) problems.push(`nothing was said about ${say(truth.scope)}`);
      continue;
    }
    told.add(story);
    problems.push(...checkStory(story, truth));
  }
  for (const story of stories) {
    if (!told.has(story)) problems.push(`false: ${story.scopes.map(say).join(' → ')}: ${story.reason}`);
  }
  return problems;
}

function checkStory(story: Story, truth: Truth): string[] {
  const problems: string[] = [];
  const name = say(truth.scope);
  if (story.startedAtMs < truth.fromMs - 60_000) problems.push(`${name}: said to have begun before it did`);
  if (truth.beganWithinMs && story.startedAtMs > truth.fromMs + truth.beganWithinMs) {
    problems.push(
      `${name}: said to have begun ${Math.round((story.startedAtMs - truth.fromMs) / 1000)} s late`,
    );
  }
  if (story.firstResolvedAtMs !== null && story.firstResolvedAtMs < truth.toMs && !truth.mayPause) {
    problems.push(
      `${name}: called over ${Math.round((truth.toMs - story.firstResolvedAtMs) / 1000)} s too soon`,
    );
  }
  if (story.resolvedAtMs === null && !truth.staysOpen) problems.push(`${name}: never called over`);
  const lateMs = (story.resolvedAtMs ?? truth.toMs) - truth.toMs;
  if (lateMs > (truth.overWithinMs ?? Number.POSITIVE_INFINITY))
    problems.push(`${name}: called over ${Math.round(lateMs / 1000)} s late`);
  if (truth.isPrivate && story.wasEverPublic) problems.push(`${name}: was made public`);
  const worst = story.impacts.includes('major_outage')
    ? 'major_outage'
    : story.impacts.includes('partial_outage')
      ? 'partial_outage'
      : 'degraded';
  if (truth.impacts && !truth.impacts.includes(worst)) problems.push(`${name}: called ${worst}`);
  if (truth.isUnstable && !story.wasUnstable) problems.push(`${name}: not called unstable`);
  return problems;
}

/** The last word on the culprit is right, or is among what the evidence leaves open. */
function isAbout(story: Story, truth: Truth): boolean {
  const last = story.scopes.at(-1)!;
  if (isSame(last, truth.scope)) return true;
  return (truth.alternatives ?? []).some((one) => isSame(last, one));
}

function isSame(a: Scope, b: Scope): boolean {
  return a.kind === b.kind && a.id === b.id && (b.via === undefined || (a.via ?? null) === b.via);
}

function say(scope: Scope): string {
  return `${scope.kind} ${scope.id}${scope.via ? ` via ${scope.via}` : ''}`;
}
