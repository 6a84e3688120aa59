import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { CoreEvent, Incident } from '#lib/core/plan.ts';
import { targetId } from '#lib/core/target.ts';
import { culpritKinds, impacts } from '#lib/core/words.ts';
import { acknowledgeIncident } from '#lib/ops/acknowledge-incident.ts';
import { annotateIncident } from '#lib/ops/annotate-incident.ts';
import { correctIncident } from '#lib/ops/correct-incident.ts';
import type { Edited } from '#lib/ops/edit-incident.ts';
import { lookNow as askLookNow } from '#lib/ops/look-now.ts';
import type { Refusal } from '#lib/ops/ops-io.ts';
import { resolveIncident } from '#lib/ops/resolve-incident.ts';
import type { Edge } from '../edge.ts';
import type { Exchange, Handler } from '../guard.ts';
import { parseBody } from '../parse-body.ts';
import { json, Problem, type Reply } from '../reply.ts';
import { incidentBody } from './rest-incidents.ts';

const line = z.string().trim().min(1).max(200);
const scope = z.strictObject({ kind: z.enum(culpritKinds), id: z.string().min(1).max(200) });

/** An operation's refusal is a problem with the operation's own words. */
export function refusedBy(refusal: Refusal): Problem {
  const kind = refusal.code.startsWith('unknown') ? 'not-found' : 'conflict';
  return new Problem(kind, refusal.text);
}

function edited(result: Edited, edge: Edge): Reply {
  if (!result.ok) throw refusedBy(result);
  return json(incidentBody(result.incident, edge));
}

const io = ({ edge, nowMs }: Exchange) => ({ store: edge.store, nowMs });
const by = ({ who }: Exchange) => who ?? 'somebody';

/** `POST /api/v1/incidents/{id}/acknowledge`. */
export const acknowledge: Handler = (x) =>
  edited(acknowledgeIncident(io(x), { incidentId: x.parts.id ?? '', by: by(x) }), x.edge);

const noteBody = z.strictObject({
  text: z.string().trim().min(1).max(2_000),
  tell: z.boolean().default(true),
});

/** `POST /api/v1/incidents/{id}/notes`. */
export const annotate: Handler = (x) => {
  const { text, tell } = parseBody(x.body, noteBody);
  return edited(
    annotateIncident(io(x), { incidentId: x.parts.id ?? '', by: by(x), text, isTold: tell }),
    x.edge,
  );
};

const patchBody = z
  .strictObject({
    title: line,
    impact: z.enum(impacts),
    scope,
    public: z.boolean(),
    status: z.literal('resolved'),
  })
  .partial();

/** `PATCH /api/v1/incidents/{id}`: corrections, or the end. */
export const patchIncident: Handler = (x) => {
  const { status, public: isPublic, title, impact, scope: where } = parseBody(x.body, patchBody);
  const incidentId = x.parts.id ?? '';
  const correction = {
    ...(title !== undefined ? { title } : {}),
    ...(impact !== undefined ? { impact } : {}),
    ...(where !== undefined ? { scope: where } : {}),
    ...(isPublic !== undefined ? { isPublic } : {}),
  };
  if (Object.keys(correction).length > 0) {
    const result = correctIncident(io(x), { incidentId, by: by(x), correction });
    if (!result.ok) throw refusedBy(result);
    if (status === undefined) return edited(result, x.edge);
  }
  if (status === undefined) throw new Problem('invalid-body', 'nothing to change was given');
  return edited(resolveIncident(io(x), { incidentId, by: by(x) }), x.edge);
};

const newBody = z.strictObject({
  title: line,
  impact: z.enum(impacts),
  scope,
  text: z.string().trim().max(2_000).default(''),
  public: z.boolean().default(true),
  started_at: z.iso.datetime({ offset: true }).optional(),
});

/** `POST /api/v1/incidents`: opened by hand. */
export const openIncident: Handler = (x) => {
  const asked = parseBody(x.body, newBody);
  const incident = handMade(asked, by(x), x.nowMs);
  x.edge.store.incidents.add(incident, [openedEvent(incident, x.nowMs)]);
  return json(incidentBody(incident, x.edge), {}, 201);
};

export function handMade(asked: z.output<typeof newBody>, who: string, nowMs: number): Incident {
  const startedAtMs = Math.min(nowMs, asked.started_at ? Date.parse(asked.started_at) : nowMs);
  return {
    id: `hand-${randomUUID().slice(0, 13)}`,
    scope: asked.scope,
    impact: asked.impact,
    status: 'open',
    isUnstable: false,
    isPublic: asked.public,
    confidence: 'high',
    startedAtMs,
    openedAtMs: nowMs,
    resolvedAtMs: null,
    title: asked.title,
    reason: asked.text || asked.title,
    evidence: {
      ...{ failed: 0, total: 0, providers: 0, windowMs: 0, byClass: {}, sample: null },
      ...{ working: [], witnesses: [], candidates: [] },
    },
    timeline: [{ atMs: nowMs, kind: 'opened', text: asked.text || asked.title, by: who }],
    affected: [],
    acknowledgedBy: who,
    pinned: ['scope', 'title', 'impact'],
  };
}

export function openedEvent(incident: Incident, nowMs: number): CoreEvent {
  return {
    id: `hand:${incident.id}:opened`,
    type: 'incident.opened',
    atMs: nowMs,
    scope: incident.scope,
    impact: incident.impact,
    incidentId: incident.id,
    targetId: null,
    isPublic: incident.isPublic,
    sentence: incident.title,
    reason: incident.reason,
    startedAtMs: incident.startedAtMs,
    expiresAtMs: null,
    data: { by: 'hand' },
  };
}

const lookBody = z.strictObject({
  targets: z.union([z.literal('all'), z.array(z.string().max(600)).min(1).max(100)]),
});

/** `POST /api/v1/looks`: the worker looks at these targets at once, within its budget. */
export const lookNow: Handler = (x) => {
  const { targets } = parseBody(x.body, lookBody);
  const { fleet } = x.edge.live.facts();
  const keys =
    targets === 'all'
      ? ('all' as const)
      : targets.map((text) => {
          const found = fleet.find(
            (w) => w.key === text || (w.probe === 'completion' && targetId(w.target) === text),
          );
          if (!found) throw new Problem('unknown-target', `there is no target ${text.slice(0, 80)}`);
          return found.key;
        });
  const asked = askLookNow(io(x), { targetKeys: keys, by: by(x) });
  if (!asked.ok) throw refusedBy(asked);
  return json({ id: asked.id, accepted: keys === 'all' ? fleet.length : keys.length }, {}, 202);
};
