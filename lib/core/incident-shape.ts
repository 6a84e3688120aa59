import { asObject, type Loose } from './loose.ts';
import { type Incident, incidentStatuses } from './plan.ts';
import { confidenceLevels, culpritKinds, impacts } from './words.ts';

/** Is this an incident, whole? What comes from a file is shown on pages: one that lacks a part would take a page down. */
export function isIncident(value: unknown): value is Incident {
  const one = asObject(value);
  if (!one || JSON.stringify(one).length > longest) return false;
  return (
    isName(one.id) &&
    isScope(one.scope) &&
    isOneOf(impacts, one.impact) &&
    isOneOf(incidentStatuses, one.status) &&
    isOneOf(confidenceLevels, one.confidence) &&
    typeof one.isUnstable === 'boolean' &&
    typeof one.isPublic === 'boolean' &&
    isInstant(one.startedAtMs) &&
    isInstant(one.openedAtMs) &&
    (one.status === 'open' ? one.resolvedAtMs === null : isInstant(one.resolvedAtMs)) &&
    [one.title, one.reason].every((text) => typeof text === 'string') &&
    isEvidence(one.evidence) &&
    isListOf(one.timeline, isEntry) &&
    isListOf(one.affected, isName) &&
    isTextOrNull(one.acknowledgedBy) &&
    isListOf(one.pinned, (name) => isOneOf(['scope', 'title', 'impact'], name))
  );
}

const longest = 200_000;
const longestName = 400;
/** Until the year 2700, as far as a look's own key reaches. */
const lastMs = 23_000_000_000_000;
const entryKinds = [
  'opened',
  'changed',
  'unstable',
  'steady',
  'resolved',
  'reopened',
  'note',
  'acknowledged',
  'corrected',
];

const isOneOf = (list: readonly string[], value: unknown) =>
  typeof value === 'string' && list.includes(value);
const isName = (value: unknown) =>
  typeof value === 'string' && value.length > 0 && value.length <= longestName;
const isTextOrNull = (value: unknown) => value === null || typeof value === 'string';
const isCount = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isInstant = (value: unknown) => isCount(value) && Number(value) <= lastMs;
const isListOf = (value: unknown, isGood: (one: unknown) => boolean) =>
  Array.isArray(value) && value.every(isGood);

function isObject(value: unknown, isGood: (one: Loose) => boolean): boolean {
  const one = asObject(value);
  return one !== null && isGood(one);
}

const isScope = (value: unknown) =>
  isObject(
    value,
    (scope) =>
      isOneOf(culpritKinds, scope.kind) &&
      isName(scope.id) &&
      (scope.via === undefined || isTextOrNull(scope.via)),
  );

const isEntry = (value: unknown) =>
  isObject(
    value,
    (entry) =>
      isInstant(entry.atMs) &&
      isOneOf(entryKinds, entry.kind) &&
      typeof entry.text === 'string' &&
      typeof entry.by === 'string',
  );

const isEvidence = (value: unknown) =>
  isObject(
    value,
    (evidence) =>
      [evidence.failed, evidence.total, evidence.providers, evidence.windowMs].every(isCount) &&
      isObject(evidence.byClass, (byClass) => Object.values(byClass).every(isCount)) &&
      (evidence.sample === null || isObject(evidence.sample, isSample)) &&
      isListOf(evidence.working, isName) &&
      isListOf(evidence.witnesses, (one) => isObject(one, isWitness)) &&
      isListOf(evidence.candidates, isScope),
  );

const isSample = (sample: Loose) =>
  (sample.status === null || isCount(sample.status)) &&
  isTextOrNull(sample.message) &&
  isTextOrNull(sample.provider) &&
  typeof sample.target === 'string';

const isWitness = (one: Loose) =>
  typeof one.component === 'string' &&
  typeof one.status === 'string' &&
  (one.leadMs === null || typeof one.leadMs === 'number');
