import { type TargetRef, targetId } from '#lib/core/target.ts';
import type { Verdict } from '#lib/core/words.ts';
import type { Fresh } from './fresh.ts';
import { gatewayName, shortModel } from './names.ts';
import { pathOf } from './paths.ts';

export interface ChainStep {
  provider: string;
  gateway: string;
  model: string;
  path: string;
  verdict: Verdict;
  isInUse: boolean;
}
export interface ChainLine {
  id: string;
  path: string;
  verdict: Verdict;
  sinceMs: number | null;
  reason: string;
  usable: number;
  independent: number;
  steps: ChainStep[];
}

export function chainLines(fresh: Fresh, name: (id: string) => string): ChainLine[] {
  return fresh.chains.map(({ id, steps }) => {
    const own = fresh.components.find((c) => c.kind === 'chain' && c.id === id);
    return {
      id,
      path: pathOf.chain(id),
      verdict: own?.verdict ?? 'unknown',
      sinceMs: own?.sinceMs ?? null,
      reason: own?.reason ?? '',
      usable: own?.chain?.usable ?? 0,
      independent: own?.chain?.independent ?? 0,
      steps: steps.map((step, i) => stepOf(fresh, step, own?.chain?.step === i, name)),
    };
  });
}

function stepOf(fresh: Fresh, step: TargetRef, isInUse: boolean, name: (id: string) => string): ChainStep {
  const id = targetId(step);
  return {
    provider: step.provider === 'any' ? '' : name(step.provider ?? ''),
    gateway: gatewayName(step.gateway ?? ''),
    model: shortModel(step.model ?? ''),
    path: pathOf.route(step),
    verdict: fresh.routes.find((r) => r.targetId === id)?.verdict ?? 'unknown',
    isInUse,
  };
}
