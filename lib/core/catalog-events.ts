import type { CatalogChange, EndpointNews, Price } from './catalog-diff.ts';
import type { CoreEvent, EventType, Found } from './plan.ts';
import { nameOf } from './sentence-words.ts';

/** Catalogue changes as events: the same change has the same id however often it is read. */
export function catalogEvents(gateway: string, changes: readonly CatalogChange[], atMs: number): CoreEvent[] {
  return changes.map((change) => {
    const endsMs = change.kind === 'model_expiring' ? Date.parse(change.after) : Number.NaN;
    const { sentence, reason } = wordsOf(nameOf(gateway), change);
    return {
      id: idOf(gateway, change, atMs),
      type: `catalog.${change.kind}` satisfies EventType,
      atMs,
      scope: { kind: 'model', id: change.model },
      impact: null,
      incidentId: null,
      targetId: null,
      isPublic: true,
      sentence,
      reason,
      startedAtMs: null,
      expiresAtMs: Number.isNaN(endsMs) ? null : endsMs,
      data: { gateway, ...change },
    };
  });
}

/** The same model that is not the same everywhere, or any more: a series of its own among the catalogue's events. */
export function driftEvents(found: Extract<Found, { kind: 'drift' }>, atMs: number): CoreEvent[] {
  const { gateway, model } = found;
  return found.findings.map((finding) => ({
    id: `catalog:drift:${gateway}:${model}:${finding.endpoint}:${finding.what}:${finding.after}:${Math.floor(atMs / 86_400_000)}`,
    type: 'catalog.endpoint_changed',
    atMs,
    scope: { kind: 'model', id: model },
    impact: null,
    incidentId: null,
    targetId: null,
    isPublic: true,
    sentence: driftText(nameOf(gateway), model, finding),
    reason: 'the same questions were asked of everybody who serves the model',
    startedAtMs: null,
    expiresAtMs: null,
    data: { series: 'drift', gateway, model, ...finding },
  }));
}

type DriftFinding = Extract<Found, { kind: 'drift' }>['findings'][number];

function driftText(gateway: string, model: string, { endpoint, what, before, after }: DriftFinding): string {
  switch (what) {
    case 'answers':
      return `${model} at ${gateway} answers otherwise on ${endpoint}: ${after}.`;
    case 'fingerprint':
      return `${model} at ${gateway} has a new fingerprint on ${endpoint}: ${before} → ${after}.`;
    case 'served_model':
      return `${endpoint} at ${gateway} now serves ${model} as ${after}, before as ${before}.`;
    default:
      return what satisfies never;
  }
}

/** By day: a model that leaves, returns and leaves again within a day is one piece of news. */
function idOf(gateway: string, change: CatalogChange, atMs: number): string {
  const mark =
    change.kind === 'model_expiring' ? change.after : `${Math.floor(atMs / 86_400_000)}:${markOf(change)}`;
  return `catalog:${change.kind}:${gateway}:${change.model}:${mark}`;
}

function markOf(change: CatalogChange): string {
  switch (change.kind) {
    case 'model_repriced':
      return [change.after.promptUsd, change.after.completionUsd, change.after.requestUsd].join('/');
    case 'context_changed':
      return String(change.after);
    case 'endpoint_changed':
      return change.what.map(newsText).join('/');
    default:
      return '';
  }
}

function wordsOf(gateway: string, change: CatalogChange): { sentence: string; reason: string } {
  const { model } = change;
  switch (change.kind) {
    case 'model_added':
      return {
        sentence: `${gateway} now lists ${model}${contextText(change.after.contextLength)}, ${priceText(change.after)}.`,
        reason: 'the model was not in the list before',
      };
    case 'model_withdrawn':
      return {
        sentence: `${gateway} no longer lists ${model}.${insteadText(change.replacements)}`,
        reason: 'the model is missing from a complete list',
      };
    case 'model_expiring':
      return {
        sentence: `${model} leaves ${gateway} on ${change.after}.${insteadText(change.replacements)}`,
        reason:
          change.before === null ? 'an end date was announced' : `the end date was ${change.before} before`,
      };
    case 'model_repriced':
      return {
        sentence: `${gateway} changed the price of ${model}: ${priceText(change.before)} → ${priceText(change.after)}.`,
        reason: 'the listed price differs from the last one',
      };
    case 'context_changed':
      return {
        sentence: `The context of ${model} at ${gateway} went from ${tokens(change.before)} to ${tokens(change.after)} tokens.`,
        reason: 'the listed context length differs from the last one',
      };
    case 'endpoint_changed':
      return {
        sentence: `${model} at ${gateway}: ${change.what.map(newsText).join('; ')}.`,
        reason: 'the list of those who serve the model differs from the last one',
      };
    default:
      return change satisfies never;
  }
}

function newsText(news: EndpointNews): string {
  switch (news.kind) {
    case 'provider_joined':
      return `${news.provider} now serves it`;
    case 'provider_left':
      return `${news.provider} no longer serves it`;
    case 'quantization':
      return `${news.tag} went from ${news.before ?? 'unknown'} to ${news.after ?? 'unknown'} precision`;
    case 'single_provider':
      return `only ${news.provider} is left, so it cannot fail over`;
    default:
      return news satisfies never;
  }
}

function insteadText(replacements: string[]): string {
  return replacements.length ? ` Nearest replacements: ${replacements.join(', ')}.` : '';
}

function contextText(contextLength: number | null): string {
  return contextLength === null ? '' : ` with ${tokens(contextLength)} tokens of context`;
}

function tokens(count: number): string {
  if (count >= 1_000_000) return `${trimmed(count / 1_000_000)}M`;
  return count >= 1_000 ? `${trimmed(count / 1_000)}k` : String(count);
}

/** USD per million tokens, in and out. */
function priceText({ promptUsd, completionUsd }: Price): string {
  if (promptUsd === null || completionUsd === null) return 'at a variable price';
  if (promptUsd === 0 && completionUsd === 0) return 'free';
  return `${trimmed(promptUsd * 1e6)}/${trimmed(completionUsd * 1e6)} USD per million tokens`;
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(4)));
}
