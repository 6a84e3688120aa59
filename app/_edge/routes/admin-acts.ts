import type { Scope } from '#lib/core/plan.ts';
import { type CulpritKind, culpritKinds, type Impact, impacts } from '#lib/core/words.ts';
import { acknowledgeIncident } from '#lib/ops/acknowledge-incident.ts';
import { annotateIncident } from '#lib/ops/annotate-incident.ts';
import { correctIncident } from '#lib/ops/correct-incident.ts';
import { lookNow } from '#lib/ops/look-now.ts';
import { mergeIncident } from '#lib/ops/merge-incident.ts';
import { mute } from '#lib/ops/mute.ts';
import { muteScope } from '#lib/ops/mute-scope.ts';
import { resolveIncident } from '#lib/ops/resolve-incident.ts';
import { sendTest } from '#lib/ops/send-test.ts';
import { splitIncident } from '#lib/ops/split-incident.ts';
import { audit } from '../audit.ts';
import { fieldOf, goBack, ownForm } from '../form.ts';
import type { Exchange, Handler } from '../guard.ts';
import { cancelMaintenance, planMaintenance } from '../planned.ts';
import { handMade, openedEvent } from './rest-write.ts';

type Form = Record<string, string | string[]>;
type Result = { ok: true } | { ok: false; text: string };
const hourMs = 3_600_000;

/** A form of the admin pages: what it did is written down, and the page it came from says whether it worked. */
function act(page: string, run: (x: Exchange, form: Form) => { result: Result; said: string }): Handler {
  return (x) => {
    const { result, said } = run(x, ownForm(x));
    if (result.ok) audit(x.edge, x.who ?? 'admin', said);
    return goBack(page, result.ok ? null : result.text);
  };
}

const io = ({ edge, nowMs }: Exchange) => ({ store: edge.store, nowMs });

function scopeOf(text: string | null): Scope | null {
  const [kind, ...id] = (text ?? '').split(':');
  const isKind = (culpritKinds as readonly string[]).includes(kind ?? '');
  return isKind && id.join(':') !== '' ? { kind: kind as CulpritKind, id: id.join(':') } : null;
}

function impactOf(text: string | null): Impact | null {
  return (impacts as readonly string[]).includes(text ?? '') ? (text as Impact) : null;
}

const refused = (text: string): Result => ({ ok: false, text });

export const openByHand = act('/admin/incidents', (x, form) => {
  const [title, scope, impact] = [
    fieldOf(form, 'title', 150),
    scopeOf(fieldOf(form, 'scope')),
    impactOf(fieldOf(form, 'impact')),
  ];
  const said = `opened "${title}"`;
  if (!title || !scope || !impact)
    return { result: refused('title, scope (kind:id) and impact are needed'), said };
  const text = fieldOf(form, 'text', 2_000) ?? '';
  const incident = handMade({ title, scope, impact, text, public: true }, x.who ?? 'admin', x.nowMs);
  x.edge.store.incidents.add(incident, [openedEvent(incident, x.nowMs)]);
  return { result: { ok: true }, said };
});

export const changeIncident = act('/admin/incidents', (x, form) => {
  const incidentId = x.parts.id ?? '';
  const by = x.who ?? 'admin';
  const what = fieldOf(form, 'do') ?? '';
  const said = `${what} ${incidentId}`;
  switch (what) {
    case 'acknowledge':
      return { result: acknowledgeIncident(io(x), { incidentId, by }), said };
    case 'annotate':
      return {
        result: annotateIncident(io(x), { incidentId, by, text: fieldOf(form, 'text', 2_000) ?? '' }),
        said,
      };
    case 'announce': {
      const title = x.edge.store.incidents.get(incidentId)?.title ?? '';
      return { result: annotateIncident(io(x), { incidentId, by, text: title, isTold: true }), said };
    }
    case 'resolve':
      return { result: resolveIncident(io(x), { incidentId, by }), said };
    case 'publish':
    case 'unpublish':
    case 'hide':
      return {
        result: correctIncident(io(x), { incidentId, by, correction: { isPublic: what === 'publish' } }),
        said,
      };
    case 'merge': {
      const intoId = fieldOf(form, 'into', 100) ?? '';
      return { result: mergeIncident(io(x), { incidentId, intoId, by }), said: `${said} into ${intoId}` };
    }
    case 'split': {
      const scope = scopeOf(fieldOf(form, 'part'));
      if (!scope) return { result: refused('what is split off is needed as kind:id'), said };
      const result = splitIncident(io(x), { incidentId, by, part: { scope } });
      return { result, said: `split ${scope.kind}:${scope.id} off ${incidentId}` };
    }
    case 'correct': {
      const [title, scope, impact] = [
        fieldOf(form, 'title', 150),
        scopeOf(fieldOf(form, 'scope')),
        impactOf(fieldOf(form, 'impact')),
      ];
      const correction = {
        ...(title ? { title } : {}),
        ...(scope ? { scope } : {}),
        ...(impact ? { impact } : {}),
      };
      return { result: correctIncident(io(x), { incidentId, by, correction }), said };
    }
    default:
      return { result: refused('this button is not known'), said };
  }
});

export const maintain = act('/admin/maintenance', (x, form) => {
  const title = fieldOf(form, 'title', 150);
  const scope = fieldOf(form, 'scope');
  const at = (name: string) => Date.parse(`${fieldOf(form, name) ?? ''}Z`);
  const said = `planned maintenance "${title}"`;
  if (!title || !scope || !(at('from') < at('to')))
    return { result: refused('title, scope, and a beginning before the end are needed'), said };
  planMaintenance(x.edge, { title, scope: [scope], fromMs: at('from'), toMs: at('to') }, x.nowMs);
  return { result: { ok: true }, said };
});

function hoursOf(form: Form): number {
  return Math.min(168, Math.max(1, Number(fieldOf(form, 'hours') ?? '2') || 2));
}

/** Nobody of ours is told of this for a while, whichever channel it is; zero hours end the silence. */
export const muteOne = act('/admin/maintenance', (x, form) => {
  const scope = fieldOf(form, 'scope') ?? '';
  const isEnd = fieldOf(form, 'do') === 'unmute';
  const untilMs = isEnd ? x.nowMs : x.nowMs + hoursOf(form) * hourMs;
  return {
    result: muteScope(io(x), { scope, untilMs, by: x.who ?? 'admin' }),
    said: isEnd ? `unmuted ${scope}` : `muted ${scope} for ${hoursOf(form)} h`,
  };
});

export const cancelPlan = act('/admin/maintenance', (x) => {
  const window = cancelMaintenance(x.edge, x.parts.id ?? '', x.nowMs);
  return {
    result: window ? { ok: true } : refused('there is no such maintenance to cancel'),
    said: `cancelled maintenance "${window?.title}"`,
  };
});

export const changeReceiver = act('/admin/channels', (x, form) => {
  const receiverId = x.parts.id ?? '';
  const what = fieldOf(form, 'do') ?? '';
  const said = `${what} ${receiverId}`;
  if (what === 'test') return { result: sendTest(io(x), { receiverId, by: x.who ?? 'admin' }), said };
  const untilMs = what === 'unmute' ? null : x.nowMs + hoursOf(form) * hourMs;
  return { result: mute(io(x), { receiverId, untilMs }), said };
});

export const lookAt = act('/admin/targets', (x, form) => {
  const key = fieldOf(form, 'key', 600) ?? '';
  return {
    result: lookNow(io(x), { targetKeys: [key], by: x.who ?? 'admin' }),
    said: `asked for a check of ${key}`,
  };
});
