import type { Timing } from '#lib/core/observation.ts';

/** The life of one look as bars, each from the end of the phase before it. */

const phases: [keyof Timing, string][] = [
  ['dnsMs', 'name'],
  ['connectMs', 'connected'],
  ['tlsMs', 'secured'],
  ['headersMs', 'headers'],
  ['firstByteMs', 'first byte'],
  ['firstReasoningMs', 'first thought'],
  ['firstTokenMs', 'first word'],
  ['totalMs', 'end'],
];

export function waterfall(timing: Timing, width = 50): string[] {
  const totalMs = Math.max(timing.totalMs ?? 0, 1);
  const lines: string[] = [];
  let fromMs = 0;
  for (const [key, label] of phases) {
    const atMs = timing[key];
    if (atMs === null) continue;
    const start = Math.min(width - 1, Math.round((fromMs / totalMs) * width));
    const length = Math.max(1, Math.round(((atMs - fromMs) / totalMs) * width));
    const bar = `${' '.repeat(start)}${'█'.repeat(Math.min(length, width - start))}`;
    lines.push(
      `${label.padEnd(14)}${bar.padEnd(width)} ${atMs.toFixed(1).padStart(9)} ms  (+${Math.max(0, atMs - fromMs).toFixed(1)})`,
    );
    fromMs = Math.max(fromMs, atMs);
  }
  return lines;
}
