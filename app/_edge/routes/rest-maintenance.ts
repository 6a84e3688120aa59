import { z } from 'zod';
import { iso } from '#lib/core/feed-routing.ts';
import type { PlannedWindow } from '#lib/core/feed-statuspage.ts';
import type { Handler } from '../guard.ts';
import { pageOf, pagingParameters } from '../listing.ts';
import { parseBody } from '../parse-body.ts';
import { planMaintenance, plannedWindows } from '../planned.ts';
import { json, Problem } from '../reply.ts';

const longestMs = 31 * 86_400_000;
const time = z.iso.datetime({ offset: true });

const newBody = z
  .strictObject({
    title: z.string().trim().min(1).max(150),
    scope: z
      .array(z.string().regex(/^[a-z_]+:.{1,300}$/, 'must be kind:id, such as provider:groq'))
      .min(1)
      .max(50),
    from: time,
    to: time,
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'must be after from',
  })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= longestMs, {
    path: ['to'],
    message: 'at most 31 days after from',
  });

function bodyOf({ id, title, scope, fromMs, toMs }: PlannedWindow): Record<string, unknown> {
  return { id, title, scope, from: iso(fromMs), to: iso(toMs) };
}

export const maintenanceParameters = pagingParameters;

/** `GET /api/v1/maintenance`: what is planned or going on, and what ended within a week, the earliest first. */
export const maintenances: Handler = ({ edge, parameters, nowMs }) =>
  json(pageOf(plannedWindows(edge.config, edge.store, nowMs), parameters, bodyOf));

/** `POST /api/v1/maintenance`: the worker takes it up within a second. */
export const planned: Handler = ({ edge, body, nowMs }) => {
  const { title, scope, from, to } = parseBody(body, newBody);
  const plan = { title, scope, fromMs: Date.parse(from), toMs: Date.parse(to) };
  if (plan.toMs <= nowMs)
    throw new Problem('invalid-body', 'to: is in the past', {
      errors: [{ field: 'to', detail: 'is in the past' }],
    });
  return json(bodyOf(planMaintenance(edge, plan, nowMs)), {}, 201);
};
