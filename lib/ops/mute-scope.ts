import { muteNote, readMutes, type ScopeMute, withMute } from '../core/scope-mute.ts';
import { componentKinds } from '../core/words.ts';
import { type OpsIo, type Refusal, refuse } from './ops-io.ts';

type Io = Pick<OpsIo, 'store' | 'nowMs'>;

/** Silence about one thing for all of the operator's channels; what happens meanwhile is told when it ends. */
export function muteScope(io: Io, mute: ScopeMute): { ok: true } | Refusal {
  const kind = mute.scope.slice(0, mute.scope.indexOf(':'));
  const isKnown = (componentKinds as readonly string[]).includes(kind) && mute.scope.length > kind.length + 1;
  if (!isKnown) return refuse('bad_scope', 'What to mute is written kind:id, as in provider:groq.');
  io.store.upkeep.note(muteNote, JSON.stringify(withMute(mutesNow(io), mute, io.nowMs)));
  return { ok: true };
}

export function mutesNow({ store, nowMs }: Io): ScopeMute[] {
  return readMutes(store.upkeep.noted(muteNote), nowMs);
}
