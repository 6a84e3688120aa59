import { afterEach, describe, expect, it } from 'vitest';
import { createTrusted } from '../http.ts';
import { aMessage, anIncident, hostileText } from '../testing/messages.ts';
import { type PostOffice, type PostOfficeScript, startPostOffice } from '../testing/post-office.ts';
import type { Line, Mailer, NotifyIo } from './channel.ts';
import { email } from './email.ts';
import { createMailer } from './smtp.ts';

let office: PostOffice | null = null;
let mailer: Mailer | null = null;
afterEach(async () => {
  mailer?.close();
  await office?.close();
  office = null;
});

async function io(script: PostOfficeScript = {}, thread: NotifyIo['thread'] = null): Promise<NotifyIo> {
  office = await startPostOffice(script);
  mailer = createMailer({ url: office.url, from: 'Status <status@example.com>' });
  return {
    http: createTrusted(),
    mail: mailer,
    nowMs: Date.now,
    signal: AbortSignal.timeout(15_000),
    thread,
    attempt: 1,
  };
}

function line(to = 'ops@example.org'): Line {
  const opened = email.open({ to });
  if (!opened.ok) throw new Error('not opened');
  return opened.line;
}

describe('mail', () => {
  it('has one recipient, text and HTML of the same message, and says that a machine wrote it', async () => {
    const sent = await line().send(aMessage(), await io());
    expect(sent).toMatchObject({ ok: true, note: 'the mail server took it (250)' });
    const [mail] = office?.got ?? [];
    expect(mail).toMatchObject({ from: 'status@example.com', to: ['ops@example.org'] });
    expect(mail?.headers).toMatchObject({
      subject: '[LLM status] Down: DeepInfra fails through OpenRouter since 12:01 UTC; directly it works.',
      'message-id': '<msg_0123456789abcdef@example.com>',
      'auto-submitted': 'auto-generated',
    });
    expect(mail?.text).toMatch(/Cause: deepinfra \(the provider\)/);
    expect(mail?.text).toMatch(/<th[^>]*>Cause<\/th>/);
    expect(mail?.text).toContain('"provider":{"ignore":["deepinfra"]}');
  });

  it('keeps one thread per incident: the first subject stays, later ones answer it', async () => {
    const first = await line().send(aMessage(), await io());
    const thread = first.ok ? (first.thread ?? null) : null;
    mailer?.close();
    await office?.close();
    const over = aMessage({
      event: { type: 'incident.resolved', sentence: 'It is over.' },
      context: { deliveryId: 'msg_2' },
    });
    await line().send(over, await io({}, thread));
    expect(office?.got[0]?.headers).toMatchObject({
      subject: expect.stringMatching(/^Re: \[LLM status\] Down:/),
      'in-reply-to': '<msg_0123456789abcdef@example.com>',
      references: '<msg_0123456789abcdef@example.com>',
      'message-id': '<msg_2@example.com>',
    });
    expect(office?.got[0]?.text).toMatch(/It is over\./);
  });

  it('lets a mail program end a subscription with one click', async () => {
    const own = [
      {
        key: 'unsubscribe' as const,
        text: 'Unsubscribe',
        url: 'https://status.example.com/subscriptions/unsubscribe/tok',
      },
    ];
    await line().send(aMessage({ context: { own } }), await io());
    expect(office?.got[0]?.headers).toMatchObject({
      'list-unsubscribe': '<https://status.example.com/subscriptions/unsubscribe/tok>',
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
    });
  });

  it('P4: stays one mail to one person whatever the far side wrote', async () => {
    const sample = { status: 500, message: hostileText, provider: hostileText, target: hostileText };
    const incident = {
      title: hostileText,
      evidence: { ...anIncident().evidence, sample, working: [hostileText] },
    };
    await line().send(aMessage({ event: { sentence: hostileText }, incident }), await io());
    const [mail] = office?.got ?? [];
    expect(mail?.to).toEqual(['ops@example.org']);
    expect(Object.keys(mail?.headers ?? {})).not.toContain('bcc');
    const html = mail?.text.slice(mail.text.indexOf('<!doctype')) ?? '';
    expect(html).not.toMatch(/<script|javascript:[^)]*"|\u202e|\u001b/);
    expect(html).toContain('&lt;script&gt;');
  });

  // Seen red with every refusal of a mail server tried again.
  it.each([
    ['451 4.7.1 greylisted, come back later', { code: 'smtp_451', permanent: false }],
    ['421 4.3.2 closing', { permanent: false }],
    ['452 4.2.2 full', { code: 'smtp_452', permanent: false }],
    ['550 5.1.1 no such user', { code: 'smtp_550', permanent: true, disables: true }],
    ['550 5.7.1 not wanted', { permanent: true, disables: true }],
    ['554 5.4.4 no route', { permanent: false }],
    ['552 5.2.2 mailbox full', { permanent: false, disables: false }],
    ['553 5.3.0 refused', { permanent: true, disables: false }],
  ])('A7: knows what "%s" means', async (reply, expected) => {
    const sent = await line().send(aMessage(), await io({ onRecipient: () => reply }));
    expect(sent).toMatchObject({ ok: false, ...expected });
    expect(JSON.stringify(sent)).not.toContain('ops@example.org');
  });

  it('A7: uses the same Message-ID again after a connection that died behind the data', async () => {
    let tries = 0;
    const one = await io({ onData: () => (tries++ === 0 ? 'drop' : null) });
    const first = await line().send(aMessage(), one);
    expect(first).toMatchObject({ ok: false, permanent: false });
    expect(await line().send(aMessage(), one)).toMatchObject({ ok: true });
    expect(new Set(office?.got.map((mail) => mail.headers['message-id'])).size).toBe(1);
    expect(office?.got).toHaveLength(2);
  });

  it('A7: is not the recipient’s fault when the server cannot be reached or refuses our password', async () => {
    const dead = createMailer({ url: 'smtp://127.0.0.1:1', from: 'a@example.com' });
    const base = {
      http: createTrusted(),
      nowMs: Date.now,
      signal: AbortSignal.timeout(9_000),
      thread: null,
      attempt: 1,
    };
    expect(await line().send(aMessage(), { ...base, mail: dead })).toMatchObject({
      ok: false,
      permanent: false,
      disables: false,
    });
    expect(await line().send(aMessage(), { ...base, mail: null })).toMatchObject({
      ok: false,
      code: 'no_smtp',
    });
    dead?.close();
  });

  it('takes one plain address and nothing else', () => {
    for (const to of ['a@b.example, c@d.example', 'x', 'A <a@b.example>'])
      expect(email.open({ to }).ok).toBe(false);
    expect(email.open({ to: 'a@b.example', cc: 'x' })).toMatchObject({
      ok: false,
      problems: [{ path: 'cc' }],
    });
  });
});
