import type { Convention } from '#lib/core/words.ts';
import type { ViewContext } from './context.ts';
import { percentText, shareText } from './share.ts';

const dayMs = 86_400_000;

export interface AvailabilityRow {
  days: number;
  /** Null where too little was measured to say. */
  share: string | null;
  measured: string;
  badS: number;
}

/** The same method for every span: seconds, never an average of averages. */
export function availabilityRows(
  ctx: ViewContext,
  targetKeys: string[],
  convention: Convention,
): AvailabilityRow[] {
  if (targetKeys.length === 0) return [];
  return [1, 7, 30, 90].map((days) => {
    const a = ctx.store.history.availability({
      targetKeys,
      fromMs: ctx.nowMs - days * dayMs,
      toMs: ctx.nowMs,
      convention,
    });
    return {
      days,
      share: shareText(a.share, a.badS, a.coverage),
      measured: percentText(a.coverage),
      badS: a.badS,
    };
  });
}
