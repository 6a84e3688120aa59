import { expect, test } from 'vitest';
import { fault } from '../notify/channel.ts';
import { planRetry } from '../notify/retry.ts';
import { smtpFault } from '../notify/smtp-fault.ts';
import { actZh, faultZh } from './zh-log.ts';

const names =
  /Slack|Telegram|Discord|Teams|kB|smtp\.from|slack-1|d_17|inc_\w+|gateway:\S+|completion\|\S+|E[A-Z]{3,}|ok/g;
const englishIn = (text: string) => text.replace(names, '').match(/[a-z]{3,}/gi) ?? [];

function failures(): string[] {
  const codes = ['ETIMEDOUT', 'ECONNECTION', 'ESOCKET', 'EDNS', 'ETLS', 'EAUTH', 'ESENDER', 'EABORT', 'EODD'];
  const refused = { responseCode: 550, response: '550 5.1.1 no such user', command: 'RCPT TO' };
  const sent = [
    ...codes.map((code) => smtpFault({ code })),
    smtpFault(refused),
    fault('http_500', 'answered 500'),
  ];
  return sent.flatMap((one) => {
    if (one.ok) return [];
    const retry = (change: object) =>
      planRetry({
        ...{ id: 'd_17', type: 'incident.opened', patience: 'chat', attempts: 3, firstDueAtMs: 0 },
        ...{ notAfterMs: null, nowMs: 1_000_000_000_000, fault: one, ...change },
      } as Parameters<typeof planRetry>[0]);
    const ends = [
      retry({ fault: { ...one, permanent: true } }),
      retry({ fault: { ...one, permanent: false, mostTries: 3 } }),
      retry({ fault: { ...one, permanent: false } }),
      retry({ type: 'circuit.opened', attempts: 99, fault: { ...one, permanent: false } }),
    ];
    return [one.text, ...ends.flatMap((end) => (end.again ? [] : [end.reason]))];
  });
}

// Seen red with the rules for retries left out.
test('what became of a message is said in Chinese, numbers and all', () => {
  const said = [
    ...failures(),
    ...['Sent.', 'posted', 'Slack answered ok', 'Discord answered 204', 'said together with d_17'],
    ...['no answer (timeout) after 10.2 s', 'no answer after 3 s', 'the receiver is disabled'],
    ...['did not ask for circuit messages', 'outside its scope (gateway:openrouter)', 'held: quiet hours'],
    ...['degraded is below its smallest impact, partial_outage', 'held for the daily digest'],
  ];
  expect(said.length).toBeGreaterThan(40);
  expect(
    said.filter((text) => englishIn(faultZh(text)).length > 0).map((text) => `${text} → ${faultZh(text)}`),
  ).toEqual([]);
  for (const text of said) expect(faultZh(text).match(/\d+/g)?.sort()).toEqual(text.match(/\d+/g)?.sort());
});

test('who did what is said in Chinese, and a title stays as it was written', () => {
  const acts = [
    ...['a sign-in from 192.0.2.7 failed', 'signed in from 192.0.2.7', 'planned maintenance "Move"'],
    ...['cancelled maintenance "Move"', 'muted gateway:openrouter for 4 h', 'unmuted gateway:openrouter'],
    ...['merge inc_1 into inc_2', 'split gateway:openrouter off inc_1', 'test slack-1', 'hide inc_1'],
    ...[
      'acknowledge inc_1',
      'annotate inc_1',
      'announce inc_1',
      'resolve inc_1',
      'correct inc_1',
      'publish inc_1',
    ],
    ...['asked for a check of completion|openrouter:groq:x', 'opened "Move"'],
  ];
  expect(acts.map(actZh).filter((said) => englishIn(said.replace('Move', '')).length > 0)).toEqual([]);
  expect(actZh('opened "It is down, again"')).toBe('新建“It is down, again”');
});
