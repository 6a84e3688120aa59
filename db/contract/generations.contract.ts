import { expect, it } from 'vitest';
import { type CertificateFound, emptyPlan } from '../../lib/core/plan.ts';
import type { Generation } from '../../lib/store.ts';
import { dayMs, haikuKey, look, minuteMs, monday, type OpenBench } from './samples.contract.ts';

const generation = (id: string, lookAtMs: number, change: Partial<Generation> = {}): Generation => ({
  kind: 'generation',
  generationId: id,
  targetKey: haikuKey,
  lookAtMs,
  isDoubtful: false,
  isRecorded: false,
  recordedUsd: null,
  edgeId: null,
  quantization: null,
  fingerprint: null,
  tried: [],
  ...change,
});

export function describeGenerations(open: OpenBench): void {
  it('are not the only late knowledge: how everybody who serves a model compared is kept as it is now', () => {
    const { store, reader } = open(monday);
    const of = { gateway: 'openrouter', model: 'a/m' };
    expect(store.catalog.drift(of)).toBeNull();
    const one = { endpoint: 'x/fp8', fingerprint: 'fp_1', servedModel: 'a/m', same: 5, of: 5, isOdd: false };
    for (const asked of [[], [one]])
      store.looks.learn([{ kind: 'drift', ...of, asked, findings: [] }], monday + asked.length);
    expect(reader().catalog.drift(of)).toEqual({ atMs: monday + 1, asked: [one] });
    expect(reader().catalog.drift({ ...of, model: 'a/n' })).toBeNull();
  });

  it('nor is that: of an address of the owner’s own the end of its certificate is kept, whatever a handshake does not tell', () => {
    const { store, reader } = open(monday);
    const learn = (atMs: number, facts: CertificateFound, name = 'our-api') =>
      store.looks.learn([{ kind: 'certificate', name, facts }], atMs);
    const over = { fromMs: null, expiresAtMs: null };
    expect(store.catalog.certificate('our-api')).toBeNull();
    const facts = { fromMs: monday - dayMs, expiresAtMs: monday + dayMs };
    learn(monday, facts);
    expect(reader().catalog.certificate('our-api')).toEqual({ ...facts, atMs: monday });
    learn(monday + 2 * dayMs, over);
    expect(reader().catalog.certificate('our-api')).toEqual({ ...facts, atMs: monday + 2 * dayMs });
    learn(monday, over, 'other');
    learn(monday + dayMs, over, 'other');
    const since = { fromMs: null, expiresAtMs: monday, atMs: monday + dayMs };
    expect(reader().catalog.certificate('other')).toEqual(since);
  });

  it('are not the only late knowledge: what a key may still ask is kept as it was last told', () => {
    const { store, reader } = open(monday);
    expect(store.catalog.limits()).toEqual(new Map());
    const told = { atMs: monday, requests: 50, remaining: 9, resetAtMs: monday + minuteMs, retryAtMs: null };
    for (const remaining of [9, 8])
      store.looks.record(
        [
          {
            observation: look(monday + remaining),
            found: [{ kind: 'limits', targetKey: haikuKey, ...told, remaining }],
          },
        ],
        () => ({ outcome: 'ok', plan: emptyPlan }),
      );
    expect(reader().catalog.limits()).toEqual(new Map([[haikuKey, { ...told, remaining: 8 }]]));
  });

  it('are kept with their look, and what their record says replaces what the answer said', () => {
    const { store, reader } = open(monday);
    const early = generation('gen-1', monday, { isDoubtful: true });
    store.looks.record([{ observation: look(monday), found: [early] }], () => ({
      outcome: 'cut',
      plan: emptyPlan,
    }));
    store.looks.learn([generation('gen-2', monday + minuteMs, { targetKey: 'completion|other' })], monday);
    const asked = { targetKeys: [haikuKey], fromMs: monday, toMs: monday + dayMs, limit: 10 };
    expect(reader().catalog.generations(asked)).toEqual([early]);
    const record = {
      ...early,
      isRecorded: true,
      recordedUsd: 0.00002,
      tried: [{ provider: 'x', status: 502 }],
    };
    store.looks.learn([record], monday + 10_000);
    expect(reader().catalog.generations(asked)).toEqual([record]);
    expect(reader().catalog.generations({ ...asked, fromMs: monday + 1 })).toEqual([]);
  });

  it('of calls that went well go after some days, the others after a month', () => {
    const { store } = open(monday);
    const keep = { rawMs: 40 * dayMs, minutesMs: 40 * dayMs, hoursMs: 40 * dayMs, daysMs: null };
    const all = Array.from({ length: 700 }, (_, i) =>
      generation(`gen-${i}`, monday + i, { isDoubtful: i === 0 || i === 650 }),
    );
    store.looks.learn(all, monday);
    const asked = { targetKeys: [haikuKey], fromMs: 0, toMs: monday + dayMs, limit: 1_000 };
    const left = (days: number) => {
      while (store.upkeep.prune(monday + days * dayMs, keep));
      return store.catalog.generations(asked).map(({ generationId }) => generationId);
    };
    expect(left(2)).toHaveLength(700);
    expect(left(4)).toEqual(['gen-650', 'gen-0']);
    expect(left(31)).toEqual([]);
  });
}
