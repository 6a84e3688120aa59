import { describe, expect, it } from 'vitest';
import { configSchema } from '../config/schema.ts';
import { readOperators } from './operators.ts';

const read = (channels: Record<string, unknown>[], more: Record<string, unknown> = {}) =>
  readOperators(configSchema.parse({ channels, ...more }), 5);
const hook = 'https://hooks.slack.com/services/T/B/very-secret';

describe('the operator’s channels', () => {
  it('become receivers whose secrets stay out of the store', () => {
    const { receivers, lines, problems } = read([
      {
        type: 'slack',
        webhook_url: hook,
        scope: ['chain:chat'],
        min_impact: 'partial_outage',
        remind: '30m',
        escalate_after: '15m',
      },
      { type: 'pagerduty', name: 'Night Shift', routing_key: 'k'.repeat(32) },
    ]);
    expect(problems).toEqual([]);
    expect(receivers[0]).toMatchObject({
      origin: 'operator',
      channel: 'slack',
      scope: ['chain:chat'],
      minImpact: 'partial_outage',
      kinds: ['incident', 'account'],
      settings: { rules: { remindMs: 1_800_000, escalateAfterMs: 900_000 }, isPager: false },
    });
    expect(receivers[1]).toMatchObject({
      id: 'op_pagerduty_night-shift',
      settings: { isPager: true, name: 'Night Shift' },
    });
    expect(JSON.stringify(receivers)).not.toMatch(/very-secret|kkkk/);
    expect([...lines.keys()]).toEqual(receivers.map((one) => one.id));
  });

  it('keep their id when the file is put in another order, or a limit is changed', () => {
    const a = { type: 'slack', webhook_url: hook };
    const b = { type: 'ntfy', url: 'https://ntfy.sh/t' };
    const first = read([a, b]).receivers.map((one) => one.id);
    const second = read([b, { ...a, min_impact: 'degraded' }]).receivers.map((one) => one.id);
    expect(second.toReversed()).toEqual(first);
  });

  it('are named by their place when something is wrong, and the others still work', () => {
    const { receivers, problems } = read([
      { type: 'fax' },
      { type: 'slack', webhook_url: hook },
      { type: 'slack', webhook_url: hook },
    ]);
    expect(problems.map((one) => one.path)).toEqual(['channels[0].type', 'channels[2].name']);
    expect(receivers).toHaveLength(1);
  });

  it('need a mail server before they mail', () => {
    expect(read([{ type: 'email', to: 'a@b.example' }]).problems[0]?.expected).toMatch(/a mail server/);
    const smtp = { url: 'smtp://127.0.0.1', from: 'a@b.example' };
    expect(read([{ type: 'email', to: 'a@b.example' }], { smtp }).problems).toEqual([]);
  });

  it('read quiet hours strictly', () => {
    const quiet = { from: '22:00', to: '07:00', time_zone: 'Europe/Berlin' };
    const ntfy = { type: 'ntfy', url: 'https://ntfy.sh/t' };
    expect(read([{ ...ntfy, quiet }]).receivers[0]?.settings).toMatchObject({
      rules: { quiet: { fromMinute: 1320, toMinute: 420 } },
    });
    const odd = read([{ ...ntfy, quiet: { from: 'ten', to: '99:00', time_zone: 'Mars/Base' } }]).problems;
    expect(odd.map((one) => one.path)).toEqual([
      'channels[0].quiet.from',
      'channels[0].quiet.to',
      'channels[0].quiet.time_zone',
    ]);
  });
});
