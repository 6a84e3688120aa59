import { canonicalModel } from './canonical-model.ts';
import type { ModelFact } from './plan.ts';

/** Who could take a model's place: same maker and family first, then what it can read, hold and cost. */
export function nearestReplacements(
  gone: ModelFact,
  others: readonly ModelFact[],
  nowMs: number,
  count = 3,
): string[] {
  return others
    .filter((other) => isPossible(gone, other, nowMs))
    .map((other) => ({ id: other.id, score: likeness(gone, other) }))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, count)
    .map(({ id }) => id);
}

function isPossible(gone: ModelFact, other: ModelFact, nowMs: number): boolean {
  if (other.id === gone.id || variantOf(other.id) !== variantOf(gone.id)) return false;
  if (other.promptUsd === null && gone.promptUsd !== null) return false;
  const endsMs = other.expirationDate === null ? null : Date.parse(other.expirationDate);
  if (endsMs !== null && endsMs < nowMs + 30 * 86_400_000) return false;
  return (
    gone.inputModalities.every((kind) => other.inputModalities.includes(kind)) &&
    gone.outputModalities.every((kind) => other.outputModalities.includes(kind))
  );
}

function likeness(gone: ModelFact, other: ModelFact): number {
  const isSameMaker = makerOf(gone.id) === makerOf(other.id);
  const tools = ['tools', 'response_format', 'structured_outputs', 'reasoning'];
  const missing = tools.filter(
    (one) => gone.supportedParameters.includes(one) && !other.supportedParameters.includes(one),
  );
  return (
    (isSameMaker ? 4 : 0) +
    4 * sharedWords(gone.id, other.id) -
    Math.min(3, priceDistance(gone, other)) -
    (isSmaller(other.contextLength, gone.contextLength) ? 1.5 : 0) -
    missing.length * 0.5 +
    (isNewer(other, gone) ? 0.5 : 0)
  );
}

function makerOf(id: string): string {
  return id.split('/')[0] ?? id;
}

function variantOf(id: string): string {
  return id.split(':')[1] ?? '';
}

/** The share of name parts two models have in common; version numbers count less than names. */
function sharedWords(a: string, b: string): number {
  const words = (id: string) => canonicalModel(id).split(/[-.]/).filter(Boolean);
  const [left, right] = [words(a), new Set(words(b))];
  const weight = (word: string) => (/^\d/.test(word) ? 0.3 : 1);
  const total = left.reduce((sum, word) => sum + weight(word), 0);
  const common = left.filter((word) => right.has(word)).reduce((sum, word) => sum + weight(word), 0);
  return total === 0 ? 0 : common / total;
}

/** How many times dearer or cheaper, in powers of two. */
function priceDistance(a: ModelFact, b: ModelFact): number {
  const usd = (model: ModelFact) => (model.promptUsd ?? 0) + (model.completionUsd ?? 0);
  const [left, right] = [usd(a), usd(b)];
  if (left === 0 || right === 0) return left === right ? 0 : 2;
  return Math.abs(Math.log2(left / right));
}

function isSmaller(a: number | null, b: number | null): boolean {
  return a !== null && b !== null && a < b;
}

function isNewer(a: ModelFact, b: ModelFact): boolean {
  return a.createdAtMs !== null && b.createdAtMs !== null && a.createdAtMs > b.createdAtMs;
}
