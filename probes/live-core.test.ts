import { describe, expect, it } from 'vitest';
import type { Loaded } from '#lib/config/load.ts';
import { parseConfig } from '#lib/config/load.ts';
import { blankObservation } from '#lib/core/observation.ts';
import { createLiveCore } from './live-core.ts';

const startMs = Date.UTC(2026, 5, 1, 12);

function loaded(yaml: string): Loaded {
  const { config, fromEnv } = parseConfig(yaml, {}, null);
  return { config, fromEnv, file: null, dataDir: '/nonexistent', databaseUrl: null, env: {} };
}

/** A key that loses ten USD an hour and has twenty left at the end. */
function burnCredit(core: ReturnType<typeof createLiveCore>): string[] {
  const said: string[] = [];
  for (let minute = 0; minute <= 240; minute += 5) {
    const atMs = startMs + minute * 60_000;
    const account = { valid: true, limitRemainingUsd: 60 - minute / 6, isFreeTier: false };
    const o = blankObservation({
      atMs,
      vantage: 'local',
      probe: 'account',
      target: { gateway: 'openrouter', provider: null, model: null },
      reached: 'done',
      status: 200,
      account,
    });
    const events = [...core.observe(o, []).plan.events, ...core.advance(atMs + 1_000).events];
    said.push(...events.map(({ sentence }) => sentence));
  }
  return said;
}

describe('rules of the file', () => {
  it('are judged live', () => {
    const on = loaded('rules: [{ name: purse, when: credit_hours, below: 24 }]');
    expect(burnCredit(createLiveCore(on)).join('\n')).toMatch(/credit/i);
  });

  it('say nothing below their line, and nothing twice that the account’s own warnings say', () => {
    const off = loaded('rules: [{ name: purse, when: credit_hours, below: 0.001 }]');
    expect(burnCredit(createLiveCore(off))).toEqual([]);
    expect(burnCredit(createLiveCore(loaded('')))).toEqual([]);
  });
});
