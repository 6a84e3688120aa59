import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { acknowledgeLink, linkPaths, manageLink, unsubscribeLink } from '#lib/ops/links.ts';
import { openSealer, type Sealer, secretFileName } from '#lib/seal.ts';
import type { Receiver } from '#lib/store.ts';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';
import { escapeHtml } from './small-page.ts';

/** Links from messages as people, mail programs, mail scanners and forgers use them: over HTTP. */
let edge: EdgeUnderTest;
let sealer: Sealer;
const dir = mkdtempSync(join(tmpdir(), 'signalbox-links-'));

beforeAll(async () => {
  edge = await startEdge({
    web: { dataDir: dir },
    config: { smtp: { url: 'smtp://127.0.0.1:1', from: 'status@example.com' } },
  });
  sealer = openSealer({ secret: undefined, file: join(dir, secretFileName) });
});
afterAll(async () => {
  await edge.stop();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(() => edge.setNow(edge.nowMs() + 120_000));

const id = 'pub_aaaaaaaaaaaaaaaaaaaaaa';
function subscribed(more: Partial<Receiver> = {}): void {
  edge.store.people.changeReceiver(id, 'delete');
  edge.store.people.addReceiver({
    ...{ id, origin: 'public', channel: 'email', settings: { about: 'a…@example.com' }, scope: [] },
    ...{ minImpact: null, kinds: ['incident'], untilIncidentId: null, status: 'active' },
    ...{ createdAtMs: edge.nowMs(), isMutedUntilMs: null },
    ...more,
  } as Receiver);
}
const receiver = () => edge.store.people.receiver(id);
const pathOf = (link: { url: string }) => new URL(link.url).pathname;
const post = (path: string, body: BodyInit, headers: Record<string, string> = { origin: edge.url }) =>
  fetch(edge.url + path, { method: 'POST', body, headers, redirect: 'manual' });

describe('one click ends it (RFC 8058)', () => {
  const path = () => pathOf(unsubscribeLink(sealer, edge.url, id));

  it('never by GET, HEAD or a scanner that follows every link', async () => {
    subscribed();
    for (const method of ['GET', 'HEAD'])
      expect((await fetch(edge.url + path(), { method })).status).toBe(200);
    expect(receiver()).not.toBeNull();
  });

  it.each([
    ['a form', () => new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })],
    [
      'a form in parts',
      () => {
        const form = new FormData();
        form.set('List-Unsubscribe', 'One-Click');
        return form;
      },
    ],
    ['a bare text', () => 'List-Unsubscribe=One-Click'],
  ])(
    'by POST from a mail program that sends %s, without origin or cookie, and again',
    async (_what, body) => {
      subscribed();
      expect((await post(path(), body(), {})).status).toBe(200);
      expect(receiver()).toBeNull();
      expect((await post(path(), body(), {})).status).toBe(200);
    },
  );
});

describe('the manage link', () => {
  const path = () => pathOf(manageLink(sealer, edge.url, id));

  it('shows what one gets, and a form to change it', async () => {
    subscribed({
      scope: ['model:openai/gpt-5-mini'],
      minImpact: 'major_outage',
      kinds: ['incident', 'catalog'],
    });
    const page = await (await fetch(edge.url + path())).text();
    expect(page).toMatch(/<textarea name="scope"[^>]*>model:openai\/gpt-5-mini<\/textarea>/);
    expect(page).toMatch(/<option value="major_outage" selected>/);
    expect(page.match(/name="kinds" value="\w+" checked/g)).toEqual([
      'name="kinds" value="incident" checked',
      'name="kinds" value="catalog" checked',
    ]);
  });

  it('changes it, by that form', async () => {
    subscribed();
    const form = new URLSearchParams({
      scope: 'provider:groq\r\nmodel:openai/gpt-5-mini',
      min_impact: 'partial_outage',
      digest: 'daily',
    });
    form.append('kinds', 'incident');
    form.append('kinds', 'circuit');
    expect((await post(path(), form)).status).toBe(200);
    expect(receiver()).toMatchObject({
      scope: ['provider:groq', 'model:openai/gpt-5-mini'],
      minImpact: 'partial_outage',
      kinds: ['incident', 'circuit'],
      settings: { about: 'a…@example.com', rules: { digest: 'daily' } },
    });
  });

  it('names what does not fit, and then changes nothing', async () => {
    subscribed();
    const answer = await post(path(), new URLSearchParams({ scope: '<script>alert(1)</script>' }));
    expect(answer.status).toBe(422);
    const page = await answer.text();
    expect(page).toContain('scope: expected up to 50 entries');
    expect(page).not.toContain('<script>alert');
    expect(receiver()?.scope).toEqual([]);
  });

  it('does nothing for another site’s form, and ends the subscription for our own', async () => {
    subscribed();
    const end = new URLSearchParams({ do: 'end' });
    expect((await post(path(), end, { origin: 'https://evil.example' })).status).toBe(403);
    expect(receiver()).not.toBeNull();
    expect((await post(path(), end)).status).toBe(200);
    expect(receiver()).toBeNull();
  });
});

describe('links that are forged, foreign or old', () => {
  it('are one and the same answer, whatever they are, and change nothing', async () => {
    subscribed();
    const genuine =
      pathOf(manageLink(sealer, edge.url, id))
        .split('/')
        .at(-1) ?? '';
    const flipped = `${genuine.slice(0, -1)}${genuine.endsWith('A') ? 'B' : 'A'}`;
    const odd = ['x', 'A'.repeat(43), flipped, `${genuine}.${genuine}`, encodeURIComponent("' OR 1=1 --")];
    for (const path of [linkPaths.confirm, linkPaths.manage, linkPaths.unsubscribe]) {
      // A genuine token of another purpose is as good as none.
      for (const token of path === linkPaths.manage ? odd : [...odd, genuine]) {
        const form = new URLSearchParams({ do: 'end' });
        for (const answer of [
          await fetch(`${edge.url}${path}/${token}`),
          await post(`${path}/${token}`, form),
        ]) {
          expect([answer.status, path]).toEqual([404, path]);
          expect(await answer.text()).not.toContain(token.length > 1 ? token : '>x<');
        }
      }
    }
    expect(receiver()?.status).toBe('active');
  });

  it('confirm once, within a day, and by the button only', async () => {
    const hash = (token: string) => createHash('sha256').update(token).digest('hex');
    const put = (token: string, expiresAtMs: number) =>
      edge.store.people.putToken({
        hash: hash(token),
        purpose: 'confirm',
        subject: id,
        expiresAtMs,
        scopes: [],
      });
    subscribed({ status: 'pending' });
    put('old', edge.nowMs() - 1);
    expect((await post(`${linkPaths.confirm}/old`, new URLSearchParams())).status).toBe(404);
    put('good', edge.nowMs() + 60_000);
    for (let i = 0; i < 3; i++)
      expect((await fetch(`${edge.url}${linkPaths.confirm}/good`)).status).toBe(200);
    expect(receiver()?.status).toBe('pending');
    expect((await post(`${linkPaths.confirm}/good`, new URLSearchParams())).status).toBe(200);
    expect(receiver()?.status).toBe('active');
    expect((await post(`${linkPaths.confirm}/good`, new URLSearchParams())).status).toBe(404);
  });

  it('acknowledge only by POST, because Slack opens links to show what is behind them', async () => {
    const [incident] = edge.store.incidents.list({ status: 'open', limit: 1 });
    const about = { incidentId: incident?.id ?? '', receiverId: 'op_slack_x' };
    const path = pathOf(acknowledgeLink(sealer, edge.url, about, edge.nowMs()));
    const scanner = await fetch(edge.url + path, { headers: { 'user-agent': 'Slackbot-LinkExpanding 1.0' } });
    expect(scanner.status).toBe(200);
    expect(await scanner.text()).toContain(escapeHtml(incident?.title ?? ''));
    expect(edge.store.incidents.get(about.incidentId)?.acknowledgedBy).toBeNull();
    expect((await post(path, new URLSearchParams())).status).toBe(200);
    expect(edge.store.incidents.get(about.incidentId)?.acknowledgedBy).not.toBeNull();
    const late = acknowledgeLink(sealer, edge.url, about, edge.nowMs() - 8 * 86_400_000);
    expect((await fetch(edge.url + pathOf(late))).status).toBe(404);
    expect((await post(pathOf(late), new URLSearchParams())).status).toBe(404);
  });
});

it('U8: three hundred networks asking within an hour are turned away at two hundred, and the owner is told once', async () => {
  const own = await startEdge({
    web: { dataDir: dir },
    config: {
      listen: { trusted_proxies: ['127.0.0.1'] },
      smtp: { url: 'smtp://127.0.0.1:1', from: 'status@example.com' },
    },
  });
  try {
    const statuses: number[] = [];
    for (let i = 0; i < 300; i++) {
      const answer = await fetch(`${own.url}/api/v1/subscriptions`, {
        method: 'POST',
        body: JSON.stringify({ channel: 'email', to: `v${i}@example.com` }),
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.${i >> 8}.${i & 255}.9` },
      });
      statuses.push(answer.status);
    }
    expect([...new Set(statuses.slice(0, 200)), ...new Set(statuses.slice(200))]).toEqual([202, 429]);
    const told = own.store.events.list({ types: ['delivery.failed'], limit: 9 });
    expect(told.map((event) => event.isPublic)).toEqual([false]);
    expect(told[0]?.sentence).toMatch(/^More than 200 subscriptions were asked for within an hour/);
  } finally {
    await own.stop();
  }
});
