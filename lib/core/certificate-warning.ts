import type { CertificateFound, CoreEvent } from './plan.ts';

/** A certificate that comes to its end, said to its owner when a mark is passed and once for each mark. */

const dayMs = 86_400_000;
/** Days that are left; nought is the end itself. */
const marksDays = [14, 7, 3, 1, 0];
/** Renewed at two thirds of its life at the latest: a certificate of six days is not news on its first one. */
const lateShare = 1 / 3;

export function certificateWarnings(
  name: string,
  before: (CertificateFound & { atMs: number }) | null,
  found: CertificateFound,
  atMs: number,
): CoreEvent[] {
  const now = withEnd(before, found, atMs);
  const mark = markOf(now, atMs);
  if (mark === null) return [];
  if (before !== null && before.expiresAtMs === now.expiresAtMs && markOf(before, before.atMs) === mark)
    return [];
  const date = new Date(now.expiresAtMs).toISOString().slice(0, 10);
  return [
    {
      // By its end and the mark: after a restart it is the same event, and nobody is told twice.
      id: `certificate:${name}:${date}:${mark}`,
      type: 'account.warning',
      atMs,
      scope: { kind: 'http', id: name },
      impact: null,
      incidentId: null,
      targetId: null,
      isPublic: false,
      sentence:
        mark === 0
          ? `The certificate of your address ${name} expired on ${date}.`
          : `The certificate of your address ${name} expires on ${date}: ${sayLeft(now.expiresAtMs - atMs)} left.`,
      reason:
        mark === 0
          ? 'the date it carries is past'
          : `fewer than ${mark} days are left, and it was not renewed`,
      startedAtMs: null,
      expiresAtMs: null,
      data: { what: 'certificate', name, mark, expiresAtMs: now.expiresAtMs },
    },
  ];
}

type Ending = CertificateFound & { expiresAtMs: number };

/** A handshake that fails because of the date does not tell it: it is the one seen before, or at the latest now. */
function withEnd(before: CertificateFound | null, found: CertificateFound, atMs: number): Ending {
  if (found.expiresAtMs !== null) return { ...found, expiresAtMs: found.expiresAtMs };
  const seenMs = before?.expiresAtMs ?? atMs;
  return { fromMs: before?.fromMs ?? null, expiresAtMs: Math.min(seenMs, atMs) };
}

/** The lowest mark that has been passed, of those that mean anything in a life so long. */
function markOf({ fromMs, expiresAtMs }: CertificateFound, atMs: number): number | null {
  if (expiresAtMs === null) return 0;
  const lifeDays = fromMs === null ? Number.POSITIVE_INFINITY : (expiresAtMs - fromMs) / dayMs;
  const passed = marksDays.filter(
    (mark) => mark <= lifeDays * lateShare && expiresAtMs - atMs <= mark * dayMs,
  );
  return passed.length > 0 ? Math.min(...passed) : null;
}

function sayLeft(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  return hours >= 48 ? `${Math.floor(hours / 24)} days` : `${Math.max(1, hours)} h`;
}
