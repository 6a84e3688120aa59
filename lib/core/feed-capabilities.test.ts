import { describe, expect, test } from 'vitest';
import { failedLook, goodLook, pinned } from '../testing/observations.ts';
import { abilityKey, capabilitiesOf } from './feed-capabilities.ts';
import { blankObservation, type Observation } from './observation.ts';

const nowMs = Date.UTC(2026, 5, 1);
const hourMs = 3_600_000;
const answered = (answer: 'match' | 'mismatch' | 'empty' | null) => ({
  ...goodLook(),
  output: { ...goodLook().output!, answer },
});

function tools(looks: Observation[], agoMs = hourMs) {
  const dated = looks.map((look, i) => ({ ...look, atMs: nowMs - agoMs - i * 6 * hourMs }));
  const abilities = new Map([[abilityKey(pinned, 'tools'), { everyMs: 6 * hourMs, looks: dated }]]);
  return capabilitiesOf({ state: 'up', target: pinned }, abilities, nowMs).tools;
}

describe('an ability', () => {
  test('is what the newest look that says anything has shown', () => {
    expect(tools([answered('match'), answered('mismatch')])).toBe('pass');
    expect(tools([answered('mismatch'), answered('match')])).toBe('fail');
    expect(tools([answered('empty')])).toBe('fail');
    expect(tools([failedLook(404), answered('match')])).toBe('fail');
  });

  test('is not lost by a look that failed for another reason', () => {
    const reset = blankObservation({ ...goodLook(), output: null, fault: 'reset', status: null });
    for (const other of [failedLook(502), failedLook(429), failedLook(401), reset, answered(null)])
      expect(tools([other, answered('match')])).toBe('pass');
  });

  test('is unknown when nobody asked, or not for three intervals', () => {
    expect(tools([])).toBe('unknown');
    expect(tools([failedLook(502)])).toBe('unknown');
    expect(tools([answered('match')], 19 * hourMs)).toBe('unknown');
    expect(capabilitiesOf({ state: 'unknown', target: pinned }, new Map(), nowMs)).toEqual({
      ...{ stream: 'unknown', tools: 'unknown', json: 'unknown' },
    });
  });

  test('of one route says nothing about another', () => {
    const abilities = new Map([
      [
        abilityKey(pinned, 'schema'),
        { everyMs: hourMs, looks: [{ ...answered('match'), atMs: nowMs - 1_000 }] },
      ],
    ]);
    const other = { ...pinned, provider: 'bravo' };
    expect(capabilitiesOf({ state: 'up', target: pinned }, abilities, nowMs).json).toBe('pass');
    expect(capabilitiesOf({ state: 'up', target: other }, abilities, nowMs).json).toBe('unknown');
  });
});
