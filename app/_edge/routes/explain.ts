import { z } from 'zod';
import { explainError } from '#lib/ops/explain-error.ts';
import type { Handler } from '../guard.ts';
import { parseBody } from '../parse-body.ts';
import { json } from '../reply.ts';

const asked = z.strictObject({
  status: z.number().int().min(0).max(999).nullable().default(null),
  body: z.union([z.string().max(65_536), z.record(z.string(), z.unknown())]).default(''),
  gateway: z.string().max(64).default('openrouter'),
});

/** `POST /api/v1/explain`: an error somebody got → what it means, whose it is, what to do, and whether we see it now. */
export const explain: Handler = ({ edge, body }) => {
  const pasted = parseBody(body, asked);
  const text = typeof pasted.body === 'string' ? pasted.body : JSON.stringify(pasted.body);
  const explained = explainError({ status: pasted.status, body: text, gateway: pasted.gateway });
  const facts = edge.live.facts();
  const now = facts.windows.filter((w) => w.windowMs === 300_000 && (w.byClass[explained.class] ?? 0) > 0);
  return json({
    ...explained,
    seen_now: {
      routes: now.length,
      checks: now.reduce((sum, w) => sum + (w.byClass[explained.class] ?? 0), 0),
      incidents: facts.incidents
        .filter((i) => i.status === 'open' && (i.evidence.byClass[explained.class] ?? 0) > 0)
        .map((i) => ({ id: i.id, title: i.title })),
    },
    ...(edge.url && explained.slug ? { url: `${edge.url}/explain/${explained.slug}` } : {}),
  });
};
