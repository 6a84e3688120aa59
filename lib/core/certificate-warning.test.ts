import fc from 'fast-check';
import { expect, test } from 'vitest';
import { certificateWarnings } from './certificate-warning.ts';
import type { CertificateFound } from './plan.ts';

const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 10, 1);
type Known = (CertificateFound & { atMs: number }) | null;

/** Looks at one certificate at these instants, each knowing what the one before it saw. */
function saidOver(instants: number[], facts: (atMs: number) => CertificateFound): [string, string][] {
  let before: Known = null;
  return instants.flatMap((atMs) => {
    const found = facts(atMs);
    const said = certificateWarnings('our-api', before, found, atMs);
    before = { ...found, expiresAtMs: found.expiresAtMs ?? before?.expiresAtMs ?? atMs, atMs };
    return said.map(({ id, sentence }): [string, string] => [id, sentence]);
  });
}
const each = (fromDay: number, toDay: number, stepDays = 0.5) =>
  Array.from({ length: (toDay - fromDay) / stepDays }, (_, i) => startMs + (fromDay + i * stepDays) * dayMs);
const until = (days: number, lifeDays = 90): CertificateFound => ({
  fromMs: startMs + (days - lifeDays) * dayMs,
  expiresAtMs: startMs + days * dayMs,
});

// Seen red with one mark of fourteen days only, and with the mark left out of the comparison with the look before.
test('each mark is said once while nobody renews it, and the end is said as the end', () => {
  const said = saidOver(each(0, 35), () => until(30));
  expect(said.map(([id]) => id.split(':').at(-1))).toEqual(['14', '7', '3', '1', '0']);
  expect(said[0]?.[1]).toBe('The certificate of your address our-api expires on 2026-12-01: 14 days left.');
  expect(said[3]?.[1]).toBe('The certificate of your address our-api expires on 2026-12-01: 24 h left.');
  expect(said[4]?.[1]).toBe('The certificate of your address our-api expired on 2026-12-01.');
});

test('a clock that jumps over two marks says the last of them', () => {
  const said = saidOver([startMs + 17 * dayMs, startMs + 27.5 * dayMs], () => until(30));
  expect(said.map(([id]) => id.split(':').at(-1))).toEqual(['14', '3']);
});

test('a renewed certificate is no news, and its own end is a new one', () => {
  const said = saidOver(each(0, 120), (atMs) => (atMs < startMs + 20 * dayMs ? until(30) : until(110)));
  expect(said.map(([id]) => id)).toEqual([
    'certificate:our-api:2026-12-01:14',
    ...['14', '7', '3', '1', '0'].map((mark) => `certificate:our-api:2027-02-19:${mark}`),
  ]);
});

test('a handshake refused for the date says the end that was known, or that it is over', () => {
  const over = { fromMs: null, expiresAtMs: null };
  const known = saidOver([startMs, startMs + 3 * dayMs, startMs + 4 * dayMs], (atMs) =>
    atMs === startMs ? until(2) : over,
  );
  expect(known.at(-1)?.[1]).toBe('The certificate of your address our-api expired on 2026-11-03.');
  expect(saidOver([startMs, startMs + dayMs, startMs + 2 * dayMs], () => over)).toHaveLength(1);
});

test('a certificate that lives for six days is news only when it is late', () => {
  const said = saidOver(each(0, 5.9, 0.1), () => until(6, 6)).map(([id]) => id.split(':').at(-1));
  expect(said).toEqual(['1']);
});

test('whenever it is looked at, no mark is said twice and none out of order', () => {
  const days = fc.array(fc.double({ min: 0, max: 40, noNaN: true }), { maxLength: 60 });
  fc.assert(
    fc.property(days, (list) => {
      const instants = list.sort((a, b) => a - b).map((day) => startMs + day * dayMs);
      const marks = saidOver(instants, () => until(30)).map(([id]) => Number(id.split(':').at(-1)));
      expect(marks).toEqual([...new Set(marks)].sort((a, b) => b - a));
    }),
  );
});
