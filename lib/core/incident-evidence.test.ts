import { describe, expect, it } from 'vitest';
import { type Judge, newJudge } from '#lib/testing/judge.ts';
import { failedLook, goodLook, look } from '#lib/testing/observations.ts';
import { decideObservation, noteNews } from './decide.ts';
import { endedAtMs, type Observation } from './observation.ts';
import type { CoreEvent, Found, Incident } from './plan.ts';
import type { TargetRef } from './target.ts';

const routes: TargetRef[] = ['alpha', 'bravo', 'charlie', 'delta'].map((provider) => ({
  gateway: 'openrouter',
  provider,
  model: 'acme/swift-1',
}));
const control = {
  probe: 'control',
  target: { gateway: null, provider: 'quad9', model: null },
  keyed: false,
} as const;
const quote: Found = { kind: 'quote', generationId: 'gen-42', edgeId: '8f-FRA' };

interface Desk extends Judge {
  incidents: Map<string, Incident>;
}

function newDesk(): Desk {
  const judge = newJudge();
  return Object.assign(judge, { incidents: new Map<string, Incident>() });
}

function tell(desk: Desk, o: Observation, found: Found[] = []): void {
  const at = { ...o, atMs: desk.nowMs };
  const { plan } = decideObservation(desk.state, at, found);
  desk.nowMs = Math.max(desk.nowMs, endedAtMs(at));
  for (const incident of plan.incidents) desk.incidents.set(incident.id, structuredClone(incident));
}

function warm(desk: Desk): void {
  for (let i = 0; i < 4; i++) {
    for (const target of routes) tell(desk, goodLook({ target }));
    tell(desk, goodLook({ ...control, output: null }));
    desk.pass(25_000);
  }
}

function breakDown(desk: Desk, rounds = 3, found: Found[] = []): Incident {
  for (let i = 0; i < rounds; i++) {
    for (const target of routes)
      tell(
        desk,
        failedLook(503, { message: 'Service Unavailable' }, { target, why: i === 0 ? 'slot' : 'confirm' }),
        i === 0 ? [] : found,
      );
    tell(desk, goodLook({ ...control, output: null }));
    desk.pass(2_000);
  }
  const [incident] = desk.incidents.values();
  return incident!;
}

function says(status: 'operational' | 'major_outage'): Observation {
  return look({
    probe: 'official',
    target: { gateway: 'openrouter', provider: null, model: null },
    keyed: false,
    reached: 'done',
    status: 200,
    claims: [
      {
        component: 'Chat',
        provider: null,
        model: null,
        status,
        uptime5m: null,
        uptime30m: null,
        uptime1d: null,
      },
    ],
  });
}

function catalogue(desk: Desk, model: string, minutesAgo: number): CoreEvent {
  return {
    id: `c-${model}-${minutesAgo}`,
    type: 'catalog.endpoint_changed',
    atMs: desk.nowMs - minutesAgo * 60_000,
    scope: { kind: 'model', id: model },
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: true,
    sentence: `${model} at OpenRouter: alpha no longer serves it.`,
    reason: '',
    startedAtMs: null,
    expiresAtMs: null,
    data: { gateway: 'openrouter' },
  };
}

describe('the evidence of an incident', () => {
  it('quotes an error by the numbers its sender can find it under, the one that has them first', () => {
    const desk = newDesk();
    warm(desk);
    const incident = breakDown(desk, 3, [quote]);
    expect(incident.evidence.sample).toMatchObject({
      status: 503,
      message: 'Service Unavailable',
      generationId: 'gen-42',
      edgeId: '8f-FRA',
    });
  });

  it('does not take the record of an earlier call for this one', () => {
    const desk = newDesk();
    warm(desk);
    const record = {
      kind: 'generation',
      generationId: 'gen-old',
      lookAtMs: 1,
      edgeId: null,
    } as unknown as Found;
    expect(breakDown(desk, 3, [record]).evidence.sample?.generationId).toBeNull();
  });

  it('names what the catalogue said within the hour before, newest first, and nothing older or of others', () => {
    const desk = newDesk();
    warm(desk);
    noteNews(desk.state, [
      catalogue(desk, 'acme/swift-1', 90),
      catalogue(desk, 'acme/swift-1', 40),
      { ...catalogue(desk, 'other/model', 20), data: { gateway: 'litellm' } },
      catalogue(desk, 'acme/swift-1', 5),
    ]);
    const { catalog } = breakDown(desk).evidence;
    expect(catalog?.map((one) => Math.round((desk.nowMs - one.atMs) / 60_000))).toEqual([5, 40]);
    expect(catalog?.[0]?.sentence).toContain('no longer serves it');
  });

  it('writes down a page that speaks after us, also when it is over and green again', () => {
    const desk = newDesk();
    warm(desk);
    tell(desk, says('operational'));
    const { id } = breakDown(desk);
    const leadOf = () => desk.incidents.get(id)!.evidence.witnesses[0];
    expect(leadOf()).toMatchObject({ component: 'Chat', leadMs: null });
    desk.pass(300_000);
    tell(desk, says('major_outage'));
    const lead = leadOf()!.leadMs!;
    expect(lead).toBeLessThan(-290_000);
    desk.pass(60_000);
    tell(desk, says('operational'));
    expect(leadOf()).toMatchObject({ status: 'operational', leadMs: lead });
  });

  it('says of a page that was ahead how far', () => {
    const desk = newDesk();
    warm(desk);
    tell(desk, says('major_outage'));
    desk.pass(120_000);
    expect(breakDown(desk).evidence.witnesses[0]!.leadMs).toBeGreaterThanOrEqual(120_000);
  });
});
