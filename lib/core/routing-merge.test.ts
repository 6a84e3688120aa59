import { describe, expect, it } from 'vitest';
import type { CoreEvent, EventType, Incident } from './plan.ts';
import { type DueItem, type MergeContext, mergeDue } from './routing-merge.ts';
import { noRules } from './routing-rules.ts';

const nowMs = 1_000_000;
let made = 0;
function due(type: EventType, change: Partial<CoreEvent> = {}, notAfterMs: number | null = null): DueItem {
  made += 1;
  return {
    id: `m${made}`,
    notAfterMs,
    event: {
      id: `e${made}`,
      type,
      incidentId: 'i1',
      targetId: null,
      scope: null,
      data: {},
      ...change,
    } as CoreEvent,
  };
}
const open = {
  id: 'i1',
  status: 'open',
  acknowledgedBy: null,
  openedAtMs: 0,
  resolvedAtMs: null,
} as unknown as Incident;
const over = { ...open, status: 'resolved' as const, resolvedAtMs: 900_000 };
const context = (change: Partial<MergeContext> = {}): MergeContext => ({
  nowMs,
  incident: () => open,
  wasTold: () => true,
  rules: noRules,
  skipsUntold: false,
  ...change,
});
const reasons = (items: DueItem[], c: MergeContext) => mergeDue(items, c).drop.map((one) => one.reason);

describe('what is due for one receiver', () => {
  it('A11: is told once with the latest, when it was edited many times', () => {
    const items = [due('incident.opened'), due('incident.changed'), due('incident.changed')];
    const merged = mergeDue(items, context());
    expect(merged.send.map((one) => one.item)).toEqual([items[2]]);
    expect(merged.drop).toHaveLength(2);
  });

  it('leaves a fall unsaid whose incident is over, and marks the end as the first thing told', () => {
    const c = context({ incident: () => over, wasTold: () => false });
    expect(reasons([due('incident.opened')], c)).toEqual([
      'over before it could be sent: the end is told instead',
    ]);
    const merged = mergeDue([due('incident.opened'), due('incident.resolved')], c);
    expect(merged.send.map((one) => [one.item.event.type, one.wasTold])).toEqual([
      ['incident.resolved', false],
    ]);
  });

  it('does not wake a pager to say that it is over', () => {
    const c = context({ incident: () => over, wasTold: () => false, skipsUntold: true });
    expect(mergeDue([due('incident.resolved')], c).send).toEqual([]);
  });

  it('says nothing of an end that was taken back', () => {
    expect(reasons([due('incident.resolved')], context())).toEqual([
      'it came back before this could be sent',
    ]);
  });

  it('escalates only what nobody acknowledged and what lasted long enough', () => {
    const rules = { ...noRules, escalateAfterMs: 950_000 };
    const seen = { ...open, acknowledgedBy: 'ana' };
    expect(reasons([due('incident.opened')], context({ rules, incident: () => seen }))).toEqual([
      'acknowledged by ana',
    ]);
    expect(reasons([due('incident.reminder')], context({ incident: () => seen }))).toEqual([
      'acknowledged by ana',
    ]);
    expect(
      reasons([due('incident.resolved')], context({ rules, incident: () => over, wasTold: () => false })),
    ).toEqual(['over before it had to be escalated']);
    expect(reasons([due('incident.opened')], context({ rules }))).toEqual([]);
  });

  it('keeps only the newest word about each circuit, and none that has expired', () => {
    const about = { incidentId: null, targetId: 'a' };
    const items = [
      due('circuit.opened', about),
      due('circuit.closed', about),
      due('circuit.opened', { ...about, targetId: 'b' }, nowMs - 1),
    ];
    const merged = mergeDue(items, context());
    expect(merged.send.map((one) => one.item)).toEqual([items[1]]);
    expect(merged.drop.map((one) => one.reason)).toEqual([
      'a later message says what is true now',
      'too old to be of use',
    ]);
  });

  it('drops no notice and no catalogue news for another', () => {
    const items = [
      due('notice', { incidentId: null }),
      due('catalog.model_added', { incidentId: null }),
      due('catalog.model_added', { incidentId: null }),
    ];
    expect(mergeDue(items, context()).send).toHaveLength(3);
  });
});
