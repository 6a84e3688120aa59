import type { Watched } from '#lib/core/fleet.ts';
import { decodeText, parseJson } from '#lib/core/loose.ts';
import type { Observation } from '#lib/core/observation.ts';
import type { Found, ModelFact } from '#lib/core/plan.ts';
import { extractError } from '#lib/error-facts.ts';
import type { HttpLook } from '#lib/http.ts';
import { redactFamilies } from '#lib/redact.ts';
import { authHeaders } from '../dialects/auth.ts';
import { readRetryAfter } from '../dialects/retry-after.ts';
import type { Probe, ProbeIo } from '../probe.ts';
import { readEdge } from './edge-facts.ts';
import { sweepEndpoints } from './endpoint-sweep.ts';
import { bodyKindOf, foreignText } from './foreign-text.ts';
import { observe } from './look-facts.ts';
import { readModelList } from './model-list.ts';
import { readProviderList } from './provider-list.ts';

/** The list is a CDN's copy with five minutes to live; asking more often only loads the wire. */
const listEveryMs = 5 * 60_000;
const providersEveryMs = 6 * 3_600_000;
const maxPages = 20;
/** Some times the longest list there is; several gateways may send theirs at once. */
const mostBytes = 6 * 1_048_576;

/** One body is asked for its list, its error and its pages: it is parsed once. */
const parsed = new WeakMap<HttpLook, unknown>();

function bodyOf(look: HttpLook): unknown {
  if (!parsed.has(look)) parsed.set(look, parseJson(decodeText(look.body)));
  return parsed.get(look);
}

/** Liveness that no cache can fake, and beside it, when due, the model list itself. */
export const catalog: Probe = async (watched, io) => {
  const atMs = io.clock.nowMs();
  const startedMonoMs = io.clock.monoMs();
  const alive = await get(watched, io, alivePath(watched));
  const isListLook = alivePath(watched) === '/models';
  const observation = describe(watched, io, alive, atMs, isListLook);
  if (alive.fault || alive.status === null || alive.status >= 500) return { observation };
  const found: Found[] = [];
  let listed: ModelFact[] | null = null;
  if (isDue(io, 'models', listEveryMs)) {
    const list = await withKeyIfRefused(watched, io, isListLook ? alive : await get(watched, io, '/models'));
    const models = await readPages(watched, io, list);
    if (!models && list.status !== 401 && list.status !== 403) {
      forget(io, 'models');
      return {
        observation: { ...describe(watched, io, list, atMs, true), edge: readEdge(list.headers, io.redact) },
      };
    }
    if (models) found.push(models);
    listed = models?.models ?? null;
    // What the CDN said of the list is the fact worth keeping: it tells how old the news may be.
    observation.edge = readEdge(list.headers, io.redact) ?? observation.edge;
  }
  if (watched.options.isOpenRouter === true && isDue(io, 'providers', providersEveryMs)) {
    const look = await get(watched, io, '/providers');
    const providers = look.status === 200 ? readProviderList(bodyOf(look)) : [];
    if (providers.length) found.push({ kind: 'providers', gateway: gatewayOf(watched), providers });
    else forget(io, 'providers');
  }
  if (watched.options.isOpenRouter === true)
    found.push(...(await sweepEndpoints(watched, io, listed, startedMonoMs)));
  return { observation, found };
};

function gatewayOf(watched: Watched): string {
  return watched.target.gateway ?? '';
}

/** LiteLLM's own liveness costs nothing; its /health would send a paid call to every model. */
function alivePath(watched: Watched): string {
  if (watched.options.isOpenRouter === true) return '/key';
  return watched.target.gateway === 'litellm' ? '/../health/liveliness' : '/models';
}

/** Many gateways show their list to customers only. What the look says of liveness it said without the key. */
async function withKeyIfRefused(watched: Watched, io: ProbeIo, list: HttpLook): Promise<HttpLook> {
  const isRefused = list.status === 401 || list.status === 403;
  if (!isRefused || io.key === null || watched.options.isOpenRouter === true) return list;
  return get(watched, io, '/models', undefined, authHeaders({ watched, key: io.key }));
}

function get(
  watched: Watched,
  io: ProbeIo,
  path: string,
  url?: string,
  headers: Record<string, string> = {},
): Promise<HttpLook> {
  const base = watched.baseUrl.replace(/\/+$/, '');
  const isLiteLlm = path.startsWith('/../');
  return io.http.request({
    url: url ?? (isLiteLlm ? base.replace(/\/v1$/, '') + path.slice(3) : base + path),
    headers: { accept: 'application/json', ...headers },
    signal: io.signal,
    limits: {
      firstByteMs: io.timeoutMs,
      totalMs: io.timeoutMs,
      wireBytes: mostBytes,
      bodyBytes: mostBytes,
    },
  });
}

function isDue(io: ProbeIo, what: string, everyMs: number): boolean {
  const last = io.memory.get(`${what}ReadAtMs`);
  const nowMs = io.clock.nowMs();
  if (typeof last === 'number' && nowMs - last < everyMs && nowMs >= last) return false;
  io.memory.set(`${what}ReadAtMs`, nowMs);
  return true;
}

function forget(io: ProbeIo, what: string): void {
  io.memory.delete(`${what}ReadAtMs`);
}

function describe(
  watched: Watched,
  io: ProbeIo,
  look: HttpLook,
  atMs: number,
  mustBeList: boolean,
): Observation {
  const text = decodeText(look.body);
  const body = bodyOf(look);
  const isUnreadable = !look.fault && isNoAnswer(watched, look, mustBeList);
  const isError = look.status !== null && (look.status >= 300 || isUnreadable);
  const redact = io.redact ?? redactFamilies;
  return observe(watched, io, look, {
    atMs,
    keyed: false,
    fault: look.fault ?? (isUnreadable ? 'malformed' : null),
    error: isError
      ? extractError(body !== undefined && !isUnreadable ? body : (foreignText(text, redact) ?? ''), {
          headers: look.headers,
          redact,
          inBand: false,
          body: bodyKindOf(text),
          providerId: (name) => name,
        })
      : null,
    retryAfterMs: isError ? readRetryAfter(look.headers, body, io.clock.nowMs()) : null,
  });
}

/** A success must be the list it stands for; where a key is asked about, a page of somebody's is no success. */
function isNoAnswer(watched: Watched, look: HttpLook, mustBeList: boolean): boolean {
  if (look.status === null || look.status >= 300) return false;
  if (mustBeList) return readModelList(bodyOf(look), '') === null;
  return watched.options.isOpenRouter === true ? bodyOf(look) === undefined : false;
}

/** All pages of the list as one finding; null when there is none to read. */
async function readPages(
  watched: Watched,
  io: ProbeIo,
  first: HttpLook,
): Promise<Extract<Found, { kind: 'models' }> | null> {
  if (first.status !== 200 || first.fault) return null;
  const list = readModelList(bodyOf(first), first.url);
  if (!list) return null;
  const models = [...list.models];
  let { isComplete } = list;
  let next = list.nextUrl;
  for (let page = 1; next !== null; page += 1) {
    const look = page < maxPages ? await get(watched, io, '', next) : null;
    const more = look?.status === 200 && !look.fault ? readModelList(bodyOf(look), look.url) : null;
    if (!more) {
      isComplete = false;
      break;
    }
    models.push(...more.models);
    isComplete &&= more.isComplete;
    next = more.nextUrl;
  }
  if (list.totalCount !== null && models.length < list.totalCount * 0.98) isComplete = false;
  return {
    kind: 'models',
    gateway: gatewayOf(watched),
    models,
    isComplete: isComplete && !hasCollapsed(io, models.length),
  };
}

/** A list that lost half of itself since the last look is more likely cut than true; three in a row are believed. */
function hasCollapsed(io: ProbeIo, count: number): boolean {
  const last = io.memory.get('modelCount');
  const doubts = Number(io.memory.get('collapses') ?? 0);
  const isCollapse = typeof last === 'number' && count < last / 2 && doubts < 2;
  io.memory.set('collapses', isCollapse ? doubts + 1 : 0);
  if (!isCollapse) io.memory.set('modelCount', count);
  return isCollapse;
}
