import { expect, it } from 'vitest';
import { incident } from '../../db/contract/samples.contract.ts';
import { isIncident } from './incident-shape.ts';

const whole = incident({ status: 'resolved', resolvedAtMs: 1_800_000_000_000 });

it('takes a whole incident, open or resolved, with and without a gateway it goes through', () => {
  expect(isIncident(whole)).toBe(true);
  expect(isIncident(incident())).toBe(true);
  expect(isIncident(incident({ scope: { kind: 'provider', id: 'groq', via: 'openrouter' } }))).toBe(true);
});

it('takes none of which any part is missing or of another kind', () => {
  for (const name of Object.keys(whole)) {
    const { [name as keyof typeof whole]: _, ...rest } = whole;
    expect(isIncident(rest), `without ${name}`).toBe(false);
    for (const odd of [7.5, {}, [{}]]) {
      const isFine = /AtMs$/.test(name) && odd === 7.5;
      expect(isIncident({ ...whole, [name]: odd }), `${name} ${JSON.stringify(odd)}`).toBe(isFine);
    }
  }
  for (const name of Object.keys(whole.evidence)) {
    const { [name as keyof typeof whole.evidence]: _, ...evidence } = whole.evidence;
    expect(isIncident({ ...whole, evidence }), `without ${name}`).toBe(false);
  }
});

it('takes nothing that is open and over, nor what never ends or fills memory', () => {
  expect(isIncident({ ...whole, status: 'open' })).toBe(false);
  expect(isIncident({ ...whole, resolvedAtMs: null })).toBe(false);
  expect(isIncident({ ...whole, startedAtMs: 1e300 })).toBe(false);
  expect(isIncident({ ...whole, title: 'x'.repeat(300_000) })).toBe(false);
  for (const odd of [null, undefined, 'incident', [], 7]) expect(isIncident(odd)).toBe(false);
});
