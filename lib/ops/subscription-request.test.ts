import { describe, expect, it } from 'vitest';
import { readSubscriptionRequest } from './subscription-request.ts';

describe('reading a wish', () => {
  it.each([
    [{ channel: 'fax', to: 'a@b.example' }, 'channel'],
    [{ to: 'a@b.example,c@d.example' }, 'to'],
    [{ to: 'a@b.example', scope: ['prober:local'] }, 'scope'],
    [{ to: 'a@b.example', scope: Array(51).fill('provider:x') }, 'scope'],
    [{ to: 'a@b.example', min_impact: 'bad' }, 'min_impact'],
    [{ to: 'a@b.example', kinds: ['account'] }, 'kinds'],
    [{ to: 'a@b.example', digest: 'hourly' }, 'digest'],
    [{ to: 'a@b.example', until_incident: '<script>' }, 'until_incident'],
    [{ to: 'a@b.example', bcc: 'x' }, 'bcc'],
  ])('names what is wrong in %j', (raw, path) => {
    expect(readSubscriptionRequest(raw)).toMatchObject({ ok: false, problems: [{ path }] });
  });
});

describe('reading where a webhook goes', () => {
  it.each([
    'http://hooks.example.org/x',
    'https://hooks.example.org:8443/x',
    'https://user:pw@hooks.example.org/',
    'https://localhost/x',
    'https://metadata.google.internal/',
    'https://printer.local/',
    'https://[::1]/',
    'file:///etc/passwd',
    'gopher://x.example/',
    'https://a.example/\r\nx',
    'https:\\\\a.example\\x',
    'data:text/plain,x',
    '',
  ])('refuses %j', (url) => {
    expect(readSubscriptionRequest({ channel: 'webhook', url })).toMatchObject({ ok: false });
  });

  it('sends Slack messages to Slack only', () => {
    const good = 'https://hooks.slack.com/services/T000/B000/abcdefghij';
    expect(readSubscriptionRequest({ channel: 'slack', webhook_url: good }).ok).toBe(true);
    for (const webhook_url of [
      'https://hooks.slack.com.evil.example/services/T000/B000/abc',
      'https://evil.example/services/T/B/abcdefghij',
      `${good}?x=1`,
    ])
      expect(readSubscriptionRequest({ channel: 'slack', webhook_url }).ok).toBe(false);
  });
});
