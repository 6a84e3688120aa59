import { expect, it } from 'vitest';
import { newJudge } from '#lib/testing/judge.ts';
import { failedLook, goodLook } from '#lib/testing/observations.ts';
import type { TargetRef } from './target.ts';

const route = (provider: string): TargetRef => ({
  gateway: 'openrouter',
  provider,
  model: 'acme/swift-1',
});
const alpha = route('alpha');
const bravo = route('bravo');
const others = ['charlie', 'delta', 'echo', 'foxtrot', 'golf', 'hotel', 'india'].map(route);
const control = {
  probe: 'control',
  target: { gateway: null, provider: 'quad9', model: null },
  keyed: false,
  output: null,
} as const;

// Seen red with looks counted from before it began: it was ended by what had worked until then.
it('what worked before a fault began does not end it', () => {
  const judge = newJudge();
  for (let i = 0; i < 6; i++) {
    for (const target of [alpha, bravo, ...others]) judge.see(goodLook({ target }));
    judge.see(goodLook(control));
    judge.pass(20_000);
  }
  judge.see(failedLook(500, {}, { target: bravo }));
  judge.see(failedLook(500, {}, { target: alpha }));
  for (let i = 0; i < 4; i++) {
    judge.pass(2_000);
    judge.see(goodLook(control));
    judge.see(failedLook(500, {}, { target: alpha, why: 'confirm' }));
  }
  expect(judge.types('incident.')).toContain('incident.opened');
  expect(judge.types('incident.')).not.toContain('incident.resolved');
});
