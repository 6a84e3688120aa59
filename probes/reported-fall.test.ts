import { expect, it } from 'vitest';
import { blankObservation, type Claim } from '#lib/core/observation.ts';
import { watchedTarget } from '#lib/testing/probe-io.ts';
import { createReportedFall } from './reported-fall.ts';

const route = watchedTarget(
  'completion',
  { gateway: 'openrouter', provider: 'deepinfra', model: 'm' },
  { baseUrl: 'http://127.0.0.1:1' },
);
const claim = (uptime5m: number | null): Claim => ({
  component: 'deepinfra/fp8',
  provider: 'deepinfra/fp8',
  model: 'm',
  status: 'operational',
  uptime5m,
  uptime30m: null,
  uptime1d: null,
});
const report = (uptime5m: number | null) =>
  blankObservation({
    atMs: 0,
    vantage: 'local',
    probe: 'reported',
    target: { gateway: 'openrouter', provider: null, model: null },
    claims: [claim(uptime5m)],
  });

it('a fall of what the gateway reports asks for a look of ours, once in five minutes', () => {
  const fall = createReportedFall();
  const hear = (uptime5m: number | null, nowMs: number) => fall.hear(report(uptime5m), [route], nowMs).length;
  expect(hear(99, 0)).toBe(0);
  expect(hear(97, 60_000)).toBe(0);
  expect(hear(80, 120_000)).toBe(1);
  expect(hear(60, 180_000)).toBe(0);
  expect(hear(null, 240_000)).toBe(0);
  expect(hear(99, 480_000)).toBe(0);
  expect(hear(50, 540_000)).toBe(1);
});

it('the first report of an endpoint is no fall', () => {
  expect(createReportedFall().hear(report(10), [route], 0)).toEqual([]);
});
