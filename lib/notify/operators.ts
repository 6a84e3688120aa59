import type { Config } from '../config/schema.ts';
import { sha256Hex } from '../core/message-id.ts';
import { isTimeZone } from '../core/message-time.ts';
import { messageKinds } from '../core/routing-match.ts';
import { parseMinute, type RoutingRules } from '../core/routing-rules.ts';
import { componentKinds } from '../core/words.ts';
import type { Receiver } from '../store.ts';
import type { Channel, Line } from './channel.ts';
import type { Problem } from './settings.ts';
import { channelOf, channelTable } from './table.ts';

type ChannelConfig = Config['channels'][number];

export interface Operators {
  receivers: Receiver[];
  /** Settings stay here, in memory: the store knows who is told, never by which secret. */
  lines: Map<string, { channel: Channel; line: Line }>;
  /** Paths are those of the configuration. */
  problems: Problem[];
  /** Ids of the channels with these names. */
  named(names: readonly string[]): string[];
}

/** The operator's channels as configured. A channel with a problem is named and left out. */
export function readOperators(config: Pick<Config, 'channels' | 'smtp'>, nowMs: number): Operators {
  const operators: Operators = { receivers: [], lines: new Map(), problems: [], named };
  function named(names: readonly string[]): string[] {
    const isNamed = ({ settings }: Receiver) => names.includes(String(settings.name));
    return operators.receivers.filter(isNamed).map((one) => one.id);
  }
  config.channels.forEach((one, index) => {
    const at = `channels[${index}]`;
    const problems = readOne(one, config, nowMs, operators);
    operators.problems.push(...problems.map((problem) => ({ ...problem, path: `${at}.${problem.path}` })));
  });
  return operators;
}

function readOne(
  one: ChannelConfig,
  config: Pick<Config, 'smtp'>,
  nowMs: number,
  operators: Operators,
): Problem[] {
  const channel = channelOf(one.type);
  if (!channel) return [{ path: 'type', expected: `one of ${Object.keys(channelTable).join(', ')}` }];
  const { type, name, on, scope, min_impact, remind, quiet, escalate_after, ...own } = one;
  const problems = [...kindProblems(on), ...scopeProblems(scope), ...quietProblems(quiet)];
  if (type === 'email' && config.smtp === null)
    problems.push({ path: 'type', expected: 'a mail server under "smtp" before anything can be mailed' });
  const opened = channel.open(own);
  if (!opened.ok) return [...problems, ...opened.problems];
  if (problems.length > 0) return problems;
  const id = `op_${type}_${name === undefined ? sha256Hex(opened.line.identity).slice(0, 12) : slug(name)}`;
  if (operators.lines.has(id))
    return [{ path: 'name', expected: 'another name: this receiver is listed twice' }];
  operators.lines.set(id, { channel, line: opened.line });
  const rules: RoutingRules = {
    remindMs: remind ?? null,
    escalateAfterMs: escalate_after ?? null,
    digest: null,
    quiet: quiet
      ? {
          fromMinute: parseMinute(quiet.from) ?? 0,
          toMinute: parseMinute(quiet.to) ?? 0,
          timeZone: quiet.time_zone,
        }
      : null,
  };
  operators.receivers.push({
    id,
    origin: 'operator',
    channel: type,
    settings: {
      rules,
      about: opened.line.about,
      isPager: channel.skipsUntold,
      ...(name === undefined ? {} : { name }),
    },
    scope,
    minImpact: min_impact ?? null,
    kinds: on,
    untilIncidentId: null,
    status: 'active',
    createdAtMs: nowMs,
    isMutedUntilMs: null,
  });
  return [];
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
}

function kindProblems(on: string[]): Problem[] {
  const isKnown = (kind: string) => (messageKinds as readonly string[]).includes(kind);
  return on.every(isKnown) ? [] : [{ path: 'on', expected: `a list out of ${messageKinds.join(', ')}` }];
}

export function isScopeKey(text: string): boolean {
  const match = /^([a-z]+):[^\s]{1,200}$/.exec(text);
  return match !== null && (componentKinds as readonly string[]).includes(match[1] as string);
}

function scopeProblems(scope: string[]): Problem[] {
  const odd = scope.find((one) => !isScopeKey(one));
  return odd === undefined
    ? []
    : [
        {
          path: 'scope',
          expected: `entries such as gateway:openrouter or chain:chat (${componentKinds.join(', ')})`,
        },
      ];
}

function quietProblems(quiet: ChannelConfig['quiet']): Problem[] {
  if (!quiet) return [];
  const problems: Problem[] = [];
  if (parseMinute(quiet.from) === null)
    problems.push({ path: 'quiet.from', expected: 'a time such as 22:00' });
  if (parseMinute(quiet.to) === null) problems.push({ path: 'quiet.to', expected: 'a time such as 07:00' });
  if (!isTimeZone(quiet.time_zone))
    problems.push({ path: 'quiet.time_zone', expected: 'a time zone such as Europe/Berlin' });
  return problems;
}
