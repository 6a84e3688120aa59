import type { z } from 'zod';
import { readJson } from './body.ts';
import { Problem } from './reply.ts';

/** A JSON body, strictly: what is wrong is named by its path. */
export function parseBody<S extends z.ZodType>(body: Buffer, schema: S): z.output<S> {
  const read = schema.safeParse(readJson(body));
  if (read.success) return read.data;
  const errors = read.error.issues.slice(0, 20).map((issue) => ({
    field: issue.path.join('.'),
    detail: issue.message,
  }));
  throw new Problem('invalid-body', `${errors[0]?.field || 'the body'}: ${errors[0]?.detail}`, { errors });
}

/** An HTML form's fields; a name given several times becomes a list. */
export function parseForm(body: Buffer): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    const known = fields[name];
    if (known === undefined) fields[name] = value;
    else fields[name] = Array.isArray(known) ? [...known, value] : [known, value];
  }
  return fields;
}
