import { asJson, type Export, isAvoided } from './export.ts';

/** For the filter plug-in: who is blocked and until when. Freshness travels with it, so the plug-in can judge its age. */
export const litellm: Export = (ask) =>
  asJson({
    epoch: ask.epoch,
    seq: ask.seq,
    generated_at: ask.generatedAt,
    valid_until: ask.validUntil,
    targets: Object.fromEntries(
      ask.targets.map((t) => {
        const isBlocked = ask.hasOpinion && isAvoided(t);
        return [t.id, { blocked: isBlocked, until: isBlocked ? t.circuit.retry_at : null }];
      }),
    ),
  });
