import type { Incident, Scope } from './plan.ts';
import type { Track } from './state.ts';

/** Is a target within a scope, and was that scope taken out of an incident by a person? */

export function isReleased({ released = [] }: Pick<Incident, 'released'>, track: Track): boolean {
  return released.some((scope) => isWithin(track, scope));
}

function isWithin(track: Track, { kind, id, via }: Scope): boolean {
  switch (kind) {
    case 'gateway':
      return track.gateway === id;
    case 'provider':
      return track.provider === id && (!via || track.gateway === via);
    case 'model':
      return track.target.model === id || track.model === id;
    case 'route':
      return track.scopeId === id;
    case 'account':
      return track.account === id;
    case 'prober':
      return false;
    default:
      return kind satisfies never;
  }
}
