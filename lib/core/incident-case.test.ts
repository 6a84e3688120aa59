import { expect, it } from 'vitest';
import { newJudge } from '#lib/testing/judge.ts';
import { newCase } from './incident-case.ts';

it('gives an incident an id of its own, though another of its old name began with the same look', () => {
  const { state } = newJudge();
  const opening = {
    scope: { kind: 'provider', id: 'alpha' },
    nature: 'failing',
    members: [],
    startedAtMs: 1_000,
    confidence: 'medium',
    candidates: [],
  } as const;
  const make = () => newCase(state, { ...opening, members: [], candidates: [] });
  const first = make();
  expect(make().incident.id).toBe(first.incident.id);
  state.cases.push(first);
  first.incident.scope = { kind: 'gateway', id: 'openrouter' };
  expect(make().incident.id).not.toBe(first.incident.id);
});
