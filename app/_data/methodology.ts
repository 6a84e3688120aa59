import { type Counted, countsAs } from '#lib/core/outcome-class.ts';
import { type OutcomeClass, outcomeClasses } from '#lib/core/outcome-words.ts';
import { type PolicyName, policyTable } from '#lib/core/policy.ts';
import type { ViewContext } from './context.ts';
import type { conventions } from './convention.ts';
import { readFresh } from './fresh.ts';

export interface MethodView {
  /** How each way a check can end counts, under each way of counting: read off the table the code uses. */
  counting: { class: OutcomeClass; counts: Record<(typeof conventions)[number], Counted> }[];
  numbers: { name: PolicyName; value: number }[];
  everyMs: number | null;
  routes: number;
  places: string[];
}

/** The numbers a reader may want to hold us to. Their words are in the word list. */
export const publicNumbers = [
  'confirm_times',
  'confirm_after_ms',
  'confirm_gap_ms',
  'single_failures',
  'major_share',
  'partial_share',
  'slow_factor',
  'limited_share',
  'continue_ms',
  'close_calm_total_ms',
  'close_calm_ms',
  'fail_open_looks',
  'retry_ms',
  'ramp_ms',
  'expiry_least_ms',
] as const satisfies readonly PolicyName[];

export function methodView(ctx: ViewContext): MethodView {
  const fresh = readFresh(ctx);
  const completions = fresh.fleet.filter((w) => w.probe === 'completion');
  return {
    counting: outcomeClasses.map((name) => ({
      class: name,
      counts: {
        openrouter: countsAs(name, 'openrouter'),
        strict: countsAs(name, 'strict'),
        lenient: countsAs(name, 'lenient'),
      },
    })),
    numbers: publicNumbers.map((name) => ({ name, value: policyTable[name].value })),
    everyMs: completions.length === 0 ? null : Math.min(...completions.map((w) => w.everyMs)),
    routes: completions.length,
    places: ctx.settings.vantages.map((v) => v.place ?? v.id),
  };
}
