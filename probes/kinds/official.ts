import type { Watched } from '#lib/core/fleet.ts';
import { asList } from '#lib/core/loose.ts';
import { blankObservation, type Claim, type Observation } from '#lib/core/observation.ts';
import type { NoticeFact } from '#lib/core/plan.ts';
import { cleanLine, type Redact, redactFamilies } from '#lib/redact.ts';
import { isOpen, type PageAddress, type PageFacts } from '../pages/page.ts';
import { blankPageMemory, type PageMemory, readPage } from '../pages/read-page.ts';
import type { Probe, ProbeIo } from '../probe.ts';
import { bodyKindOf } from './foreign-text.ts';
import { observe } from './look-facts.ts';

/** Never more often than this, whoever asks: these pages are somebody else's and are read by everybody during an outage. */
const politeMs = 55_000;
const keptNotices = 25;

interface Last {
  atMs: number;
  claims: Claim[];
}

/** What an official status page says, whatever software it runs on. A page that cannot be read is unknown, never green. */
export const official: Probe = async (watched, io) => {
  const atMs = io.clock.nowMs();
  const last = io.memory.get('last') as Last | undefined;
  if (last && io.why !== 'manual' && atMs >= last.atMs && atMs - last.atMs < politeMs) {
    return { observation: tooSoon(watched, io, atMs, last) };
  }
  const page = addressOf(watched, atMs);
  const memory = memoryOf(io);
  const reading = await readPage(page, watched.dialect, memory, {
    http: io.http,
    signal: io.signal,
    timeoutMs: io.timeoutMs,
    monoMs: () => io.clock.monoMs(),
  });
  if (!reading) return { observation: unreadable(watched, io, atMs) };
  const { look, facts } = reading;
  const isMalformed = facts === null && look.fault === null && look.status !== null && look.status < 400;
  const claims = facts ? claimsOf(facts, page, io.redact) : unknownClaim(page);
  io.memory.set('last', { atMs, claims } satisfies Last);
  const observation = observe(watched, io, look, {
    atMs,
    keyed: false,
    fault: look.fault ?? (isMalformed ? 'malformed' : null),
    claims,
    error: isMalformed ? malformed(look.body) : null,
  });
  if (!facts) return { observation };
  const notices = noticesOf(facts, io);
  const found = {
    kind: 'notices' as const,
    page: speakerOf(watched),
    platform: reading.platform ?? 'unknown',
    notices,
  };
  return { observation, found: [found] };
};

/** A page goes by whom it speaks for. */
function speakerOf({ target }: Watched): string {
  return (target.gateway === 'direct' ? target.provider : (target.gateway ?? target.provider)) ?? 'none';
}

function addressOf(watched: Watched, nowMs: number): PageAddress {
  const texts = (value: unknown): string[] => asList(value).filter((v): v is string => typeof v === 'string');
  const url = new URL(watched.baseUrl);
  return {
    url,
    endpoints: [...texts(watched.options.endpoints), ...ownDocument(url)],
    components: texts(watched.options.components),
    region: typeof watched.options.region === 'string' ? watched.options.region : null,
    nowMs,
  };
}

/** An address that leads to a document, not to a page: whoever knows such documents may read it. A feed is everybody's. */
function ownDocument(url: URL): string[] {
  return url.pathname === '/' || /\.(xml|rss|atom)$/.test(url.pathname) ? [] : [url.href];
}

function memoryOf(io: ProbeIo): PageMemory {
  const kept = io.memory.get('page') as PageMemory | undefined;
  if (kept) return kept;
  const fresh = blankPageMemory();
  io.memory.set('page', fresh);
  return fresh;
}

/** The components that matter, when the page still has them; else all of them. */
function claimsOf(facts: PageFacts, page: PageAddress, redact: Redact = redactFamilies): Claim[] {
  const wanted = page.components.map((c) => c.toLowerCase());
  const named = facts.components.filter(
    (c) => wanted.includes(c.id.toLowerCase()) || wanted.includes(c.name.toLowerCase()),
  );
  const shown = named.length > 0 ? named : facts.components;
  if (shown.length === 0) return unknownClaim(page);
  return shown.slice(0, 100).map((c) => claim(c.name, c.state, redact));
}

function claim(component: string, status: Claim['status'], redact: Redact = redactFamilies): Claim {
  return {
    component: cleanLine(component, redact, 120),
    provider: null,
    model: null,
    status,
    uptime5m: null,
    uptime30m: null,
    uptime1d: null,
  };
}

function unknownClaim(page: PageAddress): Claim[] {
  return [claim(page.url.host, 'unknown')];
}

/** Open ones first, then the latest of the past. */
function noticesOf(facts: PageFacts, io: ProbeIo): NoticeFact[] {
  const redact = io.redact ?? redactFamilies;
  const rank = (n: NoticeFact): number => (isOpen(n) ? 2 : n.status === 'scheduled' ? 1 : 0);
  const sorted = facts.notices.toSorted(
    (a, b) => rank(b) - rank(a) || (b.startedAtMs ?? 0) - (a.startedAtMs ?? 0),
  );
  return sorted.slice(0, keptNotices).map((n) => ({
    ...n,
    id: redact(n.id).slice(0, 200),
    title: cleanLine(n.title, redact, 200),
    components: n.components.slice(0, 20).map((c) => cleanLine(c, redact, 120)),
    url: n.url !== null && /^https?:\/\//.test(n.url) ? redact(n.url).slice(0, 500) : null,
    text: n.text === null ? null : cleanLine(n.text, redact, 500),
  }));
}

function malformed(body: Uint8Array): NonNullable<Observation['error']> {
  const text = new TextDecoder().decode(body.subarray(0, 4096));
  return {
    code: 'unreadable_page',
    type: null,
    message: 'the page is of no known kind',
    provider: null,
    limit: null,
    attempt: null,
    body: bodyKindOf(text),
    inBand: false,
  };
}

function blank(watched: Watched, io: ProbeIo, atMs: number): Observation {
  const { probe, target } = watched;
  return blankObservation({
    atMs,
    vantage: io.vantage,
    probe,
    target,
    why: io.why,
    slot: io.slot,
    keyed: false,
  });
}

/** Asked again within the minute: what was read stands, and no request is made. */
function tooSoon(watched: Watched, io: ProbeIo, atMs: number, last: Last): Observation {
  const ageS = Math.round((atMs - last.atMs) / 1000);
  return { ...blank(watched, io, atMs), claims: last.claims, edge: { cache: 'OWN', ageS, site: null } };
}

function unreadable(watched: Watched, io: ProbeIo, atMs: number): Observation {
  return { ...blank(watched, io, atMs), fault: 'malformed', error: malformed(new Uint8Array()) };
}
