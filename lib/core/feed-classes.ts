import { classFacts } from './outcome-class.ts';
import { type FeedErrorClass, feedErrorClasses, type OutcomeClass } from './outcome-words.ts';

const known = new Set<string>(feedErrorClasses);

/** Of an outcome class, or of a feed class that was already translated; what nobody knows is `other`. */
export function feedClassOf(name: string): FeedErrorClass | null {
  if (Object.hasOwn(classFacts, name)) return classFacts[name as OutcomeClass].feed;
  return known.has(name) ? (name as FeedErrorClass) : 'other';
}
