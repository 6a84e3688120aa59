import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failedLook, goodLook, pinned } from '#lib/testing/observations.ts';
import { observationIdentity, parseObservation, toWire } from './observation-wire.ts';

const least = { v: 1, at: '2026-02-17T05:27:03.120Z', probe: 'completion', target: pinned };

function parsed(json: unknown) {
  const result = parseObservation(json);
  if (!result.ok) throw new Error(result.problem);
  return result.observation;
}

describe('the wire form', () => {
  it('comes back as it went out', () => {
    for (const o of [goodLook(), failedLook(503, { message: 'x', provider: 'Alpha' })]) {
      expect(parsed(JSON.parse(JSON.stringify(toWire(o))))).toEqual(o);
    }
  });

  it('takes absent for null and fills in what the rules say', () => {
    const o = parsed(least);
    expect(o).toMatchObject({
      vantage: 'local',
      why: 'slot',
      keyed: true,
      error: null,
      stallMs: 0,
      tainted: false,
    });
    expect(o.atMs).toBe(Date.UTC(2026, 1, 17, 5, 27, 3, 120));
    expect(parsed({ ...least, probe: 'catalog', target: { gateway: 'openrouter' } }).keyed).toBe(false);
  });

  it('names what is missing', () => {
    for (const name of ['v', 'at', 'probe', 'target'] as const) {
      const { [name]: _, ...rest } = least;
      expect(parseObservation(rest)).toMatchObject({ ok: false, problem: `lacks ${name}`, isForeign: false });
    }
    for (const json of [null, 7, 'x', [], { ...least, at: 'soon' }, { ...least, target: 'x' }]) {
      expect(parseObservation(json).ok).toBe(false);
    }
  });

  it('tells a line of another time or kind from a broken one', () => {
    expect(parseObservation({ ...least, v: 2 })).toMatchObject({ ok: false, isForeign: true });
    expect(parseObservation({ ...least, probe: 'quantum' })).toMatchObject({ ok: false, isForeign: true });
  });

  it('accepts odd numbers and taints the look', () => {
    const o = parsed({
      ...least,
      status: -4,
      timing: { totalMs: 1e15, firstTokenMs: 'fast' },
      unheard: { of: 1 },
    });
    expect([o.status, o.timing.totalMs, o.timing.firstTokenMs, o.tainted]).toEqual([null, null, null, true]);
    expect(parsed({ ...least, timing: { totalMs: 3 } }).tainted).toBe(false);
  });

  it('takes a code as number or text, and cuts messages', () => {
    const o = parsed({ ...least, error: { code: 502, message: 'x'.repeat(2_000), provider: '' } });
    expect([o.error?.code, o.error?.message?.length, o.error?.provider]).toEqual(['502', 512, null]);
  });

  it('drops a bad claim and keeps the others', () => {
    const claims = [
      null,
      3,
      { component: 'Chat', status: 'on fire' },
      { component: 'API', status: 'operational' },
    ];
    expect(parsed({ ...least, probe: 'official', claims }).claims?.map((one) => one.status)).toEqual([
      'unknown',
      'operational',
    ]);
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        parseObservation(json);
        parseObservation({
          ...least,
          ...(typeof json === 'object' && !Array.isArray(json) ? json : { timing: json, error: json }),
        });
      }),
      { numRuns: 300 },
    );
  });

  it('tells the same look by vantage, kind, target and instant', () => {
    const o = goodLook();
    expect(observationIdentity(o)).toBe(observationIdentity(failedLook(500)));
    expect(observationIdentity(o)).not.toBe(observationIdentity(goodLook({ vantage: 'iad' })));
    const asChat = goodLook({ target: { ...pinned, api: 'chat' } });
    expect(observationIdentity(o)).toBe(observationIdentity(asChat));
  });
});
