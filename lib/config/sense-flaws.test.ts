import { describe, expect, it } from 'vitest';
import { parseConfig } from './load.ts';
import { ConfigProblem } from './problem.ts';

function flaws(yaml: string): string[] {
  try {
    parseConfig(yaml, {}, 'f');
    return [];
  } catch (cause) {
    if (cause instanceof ConfigProblem)
      return cause.flaws.map(({ path, expected }) => `${path}: ${expected}`);
    throw cause;
  }
}

const scope = 'scope: ["gateway:openrouter"]';

describe('a value that means nothing', () => {
  it.each([
    ['gateways: { openrouter: { every: { completion: 0s } } }', 'a duration from 1s to 7d'],
    ['gateways: { openrouter: { every: { completion: 900y } } }', 'a duration from 1s to 7d'],
    ['gateways: { openrouter: { timeout: { completion: 0s } } }', 'a duration from 100ms to 10m'],
    ['retention: { raw: 0s }', 'a duration from 1h to 100y'],
    ['page: { time_zone: Mars/Phobos }', 'a time zone such as Europe/Berlin'],
    ['page: { logo: "javascript:alert(1)" }', 'an https address of a picture'],
    ['page: { accent: "red;}body{" }', 'a colour such as #0a6cff'],
    ['backup: { every: nonsense }', 'a cron pattern such as "0 3 * * 0"'],
    [`maintenance: [{ title: x, ${scope}, cron: "99 * * * *" }]`, 'a cron pattern such as "0 3 * * 0"'],
    [`maintenance: [{ title: x, ${scope}, from: never }]`, 'an instant such as 2026-12-24T02:00:00Z'],
    [
      'maintenance: [{ title: x, scope: [everything], from: 2026-01-01 }]',
      'kind:id, the kind one of gateway',
    ],
    ['listen: { trusted_proxies: [nonsense] }', 'an address or a network such as 10.0.0.0/8'],
    ['smtp: { url: "ftp://x", from: a@b.example }', 'an address such as smtps://'],
    ['smtp: { url: "smtp://x", from: nobody }', 'a mail address'],
    ['accounts: [{ name: b, key: "k\\nx" }]', 'a key of printable characters'],
    ['heartbeats: [{ name: cron, token: "12345678", every: 0s }]', 'a duration from 1s to 7d'],
  ])('%s', (yaml, expected) => {
    expect(flaws(yaml)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('settings that do not go together', () => {
  const a = '{ name: a, url: "https://a.example/" }';
  const twin = '{ id: fra, token: "0123456789abcdef" }';
  it.each([
    [`http: [${a}, ${a}]`, 'http[1]: a name that no other'],
    [`vantages: [${twin}, ${twin}]`, 'vantages[1]: a name that no other'],
    ['gateways: { mine: {} }', 'gateways.mine.base_url: its address'],
    ['providers: { mine: { base_url: "http://127.0.0.1:1/v1" } }', 'providers.mine.model: the model to ask'],
    [
      'providers: { mine: { base_url: "http://127.0.0.1:1/v1", model: m, dialect: klingon } }',
      'providers.mine.dialect: one of anthropic-messages',
    ],
    ['chains: { chat: [nope] }', 'chains.chat[0]: a route'],
    ['chains: { chat: [nowhere/any/openai/gpt-5-mini] }', 'chains.chat[0]: a gateway of this file'],
    ['chains: { chat: [direct/any/gpt-5-mini] }', 'chains.chat[0]: a provider of this file'],
    [`maintenance: [{ title: x, ${scope} }]`, 'maintenance[0].from: when it begins, or cron'],
    [
      `maintenance: [{ title: x, ${scope}, from: 2026-01-02, to: 2026-01-01 }]`,
      'maintenance[0].to: an instant after 2026-01-02',
    ],
    [
      `maintenance: [{ title: x, ${scope}, cron: "0 3 * * 0", from: 2026-01-02 }]`,
      'maintenance[0]: either cron and lasts, or from and to',
    ],
    ['rules: [{ name: r, when: error_share }]', 'rules[0].above: a number'],
    ['rules: [{ name: r, when: credit_hours, above: 3 }]', 'rules[0].below: a number'],
    ['feed: { signing_key: abc }', 'feed.signing_key: an Ed25519 key'],
  ])('%s', (yaml, expected) => {
    expect(flaws(yaml)).toEqual([expect.stringContaining(expected)]);
  });

  it('takes what is told twice only where it may be', () => {
    expect(flaws('chains: { chat: [openrouter/any/openai/gpt-5-mini, direct/openai/gpt-5-mini] }')).toEqual(
      [],
    );
    expect(flaws(`maintenance: [{ title: x, ${scope}, cron: "0 3 * * 0", lasts: 1h }]`)).toEqual([]);
  });
});
