import { expect, it } from 'vitest';
import { noTiming } from '#lib/core/observation.ts';
import { waterfall } from './waterfall.ts';

it('shows each phase from the end of the one before it', () => {
  const lines = waterfall({ ...noTiming, dnsMs: 10, headersMs: 60, totalMs: 100 }, 10);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^name\s+█\s+10\.0 ms {2}\(\+10\.0\)$/);
  expect(lines[1]).toMatch(/^headers {8}█{5}\s+60\.0 ms {2}\(\+50\.0\)$/);
  expect(lines[2]).toMatch(/^end\s+█{4} +100\.0 ms {2}\(\+40\.0\)$/);
});

it('never draws outside its width, whatever the clock said', () => {
  for (const line of waterfall({ ...noTiming, headersMs: 500, firstTokenMs: 400, totalMs: 100 }, 10))
    expect(line.slice(14, 24).length).toBe(10);
});
