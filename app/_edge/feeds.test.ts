import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CoreEvent, Incident } from '#lib/core/plan.ts';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';

/** Feeds as an outsider's reader takes them: by their specifications, not by how ours are written. */
let edge: EdgeUnderTest;
let incident: Incident | undefined;
const hostile = `</title><script>alert(1)</script> ]]> & "q" \u0000\u000b\ud800 ${'x'.repeat(3_000)}`;
const event = (n: number, more: Partial<CoreEvent> = {}): CoreEvent => ({
  id: `test:${n}|a b/[ü]`,
  type: 'catalog.model_expiring',
  atMs: Date.now() - n * 1_000,
  scope: { kind: 'model', id: 'acme/one' },
  impact: null,
  incidentId: null,
  targetId: null,
  isPublic: true,
  sentence: `acme/one goes away ${n}.`,
  reason: 'it has a last day now',
  startedAtMs: null,
  expiresAtMs: null,
  data: { model: 'acme/one', provider: 'acme' },
  ...more,
});

beforeAll(async () => {
  edge = await startEdge({
    scene: 'partial',
    config: {
      url: 'https://status.example.com/',
      page: { title: 'Status & <b>more</b>' },
      maintenance: [
        {
          title: `Umbau der Zentrale; mit Semikolon, Komma\nund ${'ü'.repeat(80)}`,
          scope: ['gateway:openrouter'],
          from: '2026-12-24T02:00:00+01:00',
          lasts: '90m',
        },
      ],
    },
  });
  incident = edge.store.incidents
    .list({ status: 'open', limit: 9 })
    .find((one) => one.isPublic && one.affected.some((id) => id.split('/').length > 2));
  const incidentId = incident?.id ?? null;
  edge.store.events.add(
    [
      event(0, {
        type: 'incident.opened',
        incidentId,
        scope: null,
        data: {},
        sentence: 'The gateway fails.',
      }),
      event(1, { sentence: hostile, reason: hostile }),
      event(2),
      event(3, { isPublic: false, sentence: 'a secret of ours' }),
    ],
    [],
  );
});
afterAll(() => edge.stop());

const read = (path: string, headers: Record<string, string> = {}) => fetch(`${edge.url}${path}`, { headers });
const parser = new XMLParser({
  ignoreAttributes: false,
  isArray: (name) => ['entry', 'item', 'link'].includes(name),
});
async function document(path: string) {
  const text = await (await read(path)).text();
  expect(XMLValidator.validate(text)).toBe(true);
  expect(text).not.toContain('CDATA');
  expect(text).not.toMatch(/<script/i);
  expect(text).not.toContain('a secret of ours');
  return parser.parse(text);
}
const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const httpInstant = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
const uri = /^[a-z][a-z0-9+.-]*:[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+$/;

describe('feeds', () => {
  it('Atom has what RFC 4287 asks of a feed and of each entry', async () => {
    const { feed } = await document('/feed.atom');
    expect(feed.author.name).toBeTruthy();
    expect(feed.id).toMatch(uri);
    expect(feed.updated).toMatch(isoInstant);
    const links = feed.link.map((link: Record<string, string>) => [link['@_rel'], link['@_href']]);
    expect(links).toContainEqual(['self', 'https://status.example.com/feed.atom']);
    expect(links).toContainEqual(['alternate', 'https://status.example.com/']);
    expect(feed.entry.length).toBeGreaterThan(2);
    for (const entry of feed.entry) {
      expect(entry.id).toMatch(uri);
      expect(entry.updated).toMatch(isoInstant);
      expect(new URL(entry.link[0]['@_href']).origin).toBe('https://status.example.com');
      expect(entry.title['#text']).toBeTruthy();
    }
    const ids = feed.entry.map((entry: { id: string }) => entry.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('RSS has what RSS 2.0 asks of a channel and of each item', async () => {
    const { rss } = await document('/feed.rss');
    expect(rss['@_version']).toBe('2.0');
    const { channel } = rss;
    for (const name of ['title', 'description']) expect(channel[name]).toBeTruthy();
    expect(channel['atom:link']).toMatchObject({
      '@_rel': 'self',
      '@_href': 'https://status.example.com/feed.rss',
      '@_type': 'application/rss+xml',
    });
    expect(channel.lastBuildDate).toMatch(httpInstant);
    for (const item of channel.item) {
      expect(item.pubDate).toMatch(httpInstant);
      expect(item.guid['@_isPermaLink']).toBe('false');
      expect(item.guid['#text']).toMatch(uri);
      expect(String(item.link)).toMatch(/^https:\/\/status\.example\.com\//);
    }
  });

  it('leads from an entry to the page about it, as messages do', async () => {
    const { feed } = await document('/feed.atom?scope=model:acme/one');
    expect(feed.entry[0].link[0]['@_href']).toBe('https://status.example.com/models/acme/one');
  });

  it('keeps ids when the document is asked for again, and is the same bytes while nothing is new', async () => {
    const [first, second] = [
      await (await read('/feed.atom')).text(),
      await (await read('/feed.atom')).text(),
    ];
    expect(second).toBe(first);
  });

  it('tells of a component what its followers are told: itself, and what it is hit by', async () => {
    const ofModel = await document('/feed.atom?scope=model:acme/one');
    expect(ofModel.feed.entry).toHaveLength(2);
    const ofProvider = await document('/feed.rss?scope=provider:ACME');
    expect(ofProvider.rss.channel.item).toHaveLength(2);
    expect((await document('/feed.atom?scope=provider:nobody')).feed.entry).toBeUndefined();
    const [, hit] = String(incident?.affected.find((id) => id.split('/').length > 2)).split('/');
    const ofHit = await document(`/feed.atom?scope=provider:${hit}`);
    expect(ofHit.feed.entry[0].title['#text']).toBe('The gateway fails.');
  });

  it.each(['/feed.atom', '/feed.rss', '/feed.json', '/feed.atom?scope=model:acme/one'])(
    'answers 304 to who has it already: %s',
    async (path) => {
      const whole = await read(path);
      const tag = String(whole.headers.get('etag'));
      const since = String(whole.headers.get('last-modified'));
      expect(since).toMatch(httpInstant);
      const statusOf = async (headers: Record<string, string>) => (await read(path, headers)).status;
      expect(await statusOf({ 'if-none-match': tag })).toBe(304);
      expect(await statusOf({ 'if-modified-since': since })).toBe(304);
      expect(await statusOf({ 'if-modified-since': new Date(0).toUTCString() })).toBe(200);
      expect(await statusOf({ 'if-modified-since': 'yesterday' })).toBe(200);
      // A tag that is another one's outweighs any date.
      expect(await statusOf({ 'if-none-match': '"other"', 'if-modified-since': since })).toBe(200);
    },
  );
});

describe('the calendar', () => {
  const unfold = (text: string) => text.replace(/\r\n[ \t]/g, '');
  const lines = (text: string) => {
    expect(text.endsWith('\r\n')).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    return unfold(text).trimEnd().split('\r\n');
  };

  it('is RFC 5545: folded by 75 bytes, CRLF to the end, UID and DTSTAMP, text escaped', async () => {
    const answer = await read('/maintenance.ics');
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const all = lines(await answer.text());
    expect([all[0], all.at(-1)]).toEqual(['BEGIN:VCALENDAR', 'END:VCALENDAR']);
    expect(all).toContain('VERSION:2.0');
    expect(all).toContain('METHOD:PUBLISH');
    expect(all.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1);
    const value = (name: string) => all.find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1);
    expect([value('DTSTART'), value('DTEND')]).toEqual(['20261224T010000Z', '20261224T023000Z']);
    expect(value('UID')).toMatch(/@signalbox$/);
    expect(value('DTSTAMP')).toMatch(/^\d{8}T\d{6}Z$/);
    expect(value('SUMMARY')).toContain('Zentrale\\; mit Semikolon\\, Komma\\nund');
  });

  it('holds what recurs, as the worker worked it out', async () => {
    const fromMs = Date.UTC(2027, 0, 3, 3);
    const window = { id: 'w1', title: 'Sunday', scope: ['provider:acme'], fromMs, toMs: fromMs + 3_600_000 };
    edge.store.upkeep.note('worker.maintenance', JSON.stringify([window]));
    edge.setNow(edge.nowMs() + 60_000);
    await expect
      .poll(async () => (await read('/maintenance.ics')).text())
      .toContain('DTSTART:20270103T030000Z');
  });

  it('is a whole calendar without any maintenance too', async () => {
    const calm = await startEdge({ scene: 'partial' });
    try {
      const all = lines(await (await fetch(`${calm.url}/maintenance.ics`)).text());
      expect(all.filter((line) => line.startsWith('BEGIN:'))).toEqual([
        'BEGIN:VCALENDAR',
        'BEGIN:VTIMEZONE',
        'BEGIN:STANDARD',
      ]);
    } finally {
      await calm.stop();
    }
  });
});
