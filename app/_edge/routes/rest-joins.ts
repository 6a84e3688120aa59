import { z } from 'zod';
import { culpritKinds, impacts } from '#lib/core/words.ts';
import { mergeIncident } from '#lib/ops/merge-incident.ts';
import { splitIncident } from '#lib/ops/split-incident.ts';
import { audit } from '../audit.ts';
import type { Handler } from '../guard.ts';
import { parseBody } from '../parse-body.ts';
import { json } from '../reply.ts';
import { incidentBody } from './rest-incidents.ts';
import { refusedBy } from './rest-write.ts';

const mergeBody = z.strictObject({ into: z.string().min(1).max(100) });

/** `POST /api/v1/incidents/{id}/merge`: the answer is the incident it is told in now. */
export const merge: Handler = ({ edge, nowMs, who, parts, body }) => {
  const { into } = parseBody(body, mergeBody);
  const by = who ?? 'somebody';
  const incidentId = parts.id ?? '';
  const result = mergeIncident({ store: edge.store, nowMs }, { incidentId, intoId: into, by });
  if (!result.ok) throw refusedBy(result);
  audit(edge, by, `merge ${incidentId} into ${into}`);
  return json(incidentBody(result.incident, edge));
};

const splitBody = z.strictObject({
  scope: z.strictObject({ kind: z.enum(culpritKinds), id: z.string().min(1).max(200) }),
  impact: z.enum(impacts).optional(),
  title: z.string().trim().min(1).max(200).optional(),
});

/** `POST /api/v1/incidents/{id}/split`: the answer is the new incident. */
export const split: Handler = ({ edge, nowMs, who, parts, body }) => {
  const { scope, impact, title } = parseBody(body, splitBody);
  const by = who ?? 'somebody';
  const incidentId = parts.id ?? '';
  const part = { scope, ...(impact ? { impact } : {}), ...(title ? { title } : {}) };
  const result = splitIncident({ store: edge.store, nowMs }, { incidentId, by, part });
  if (!result.ok) throw refusedBy(result);
  audit(edge, by, `split ${scope.kind}:${scope.id} off ${incidentId}`);
  return json(incidentBody(result.part ?? result.incident, edge), {}, 201);
};
