import { expect, it } from 'vitest';
import { defaultPolicy, policyTable, policyWith } from './policy.ts';

it('gives a reason with every number', () => {
  for (const [name, setting] of Object.entries(policyTable)) {
    expect(Number.isFinite(setting.value), name).toBe(true);
    expect(setting.reason.length, name).toBeGreaterThan(8);
  }
});

it('is overridden by name, and names what nobody knows', () => {
  const { policy, unknown } = policyWith({ major_share: 0.7, colour: 3 });
  expect(policy.major_share).toBe(0.7);
  expect(policy.span_ms).toBe(defaultPolicy.span_ms);
  expect(unknown).toEqual(['colour']);
});
