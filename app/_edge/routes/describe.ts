import { configJsonSchema } from '#lib/config/flaws.ts';
import { healthSchema } from '../answer-schemas.ts';
import type { View } from '../guard.ts';
import { guards } from '../guards.ts';
import { memory } from '../memory.ts';
import { openApi } from '../openapi.ts';

const caching = 'public, max-age=3600';

/** `GET /openapi.json`. */
export const describe: View = ({ edge }) =>
  memory(edge, () => openApi(guards, edge.url), { caching, type: 'application/json' });

/** `GET /schemas/health/1.0.json`: a published schema never changes. */
export const schema: View = ({ edge }) =>
  memory(edge, () => healthSchema, { caching, type: 'application/schema+json' });

/** `GET /signalbox.schema.json`: what may stand in the configuration, for editors. */
export const configSchema: View = ({ edge }) =>
  memory(edge, configJsonSchema, { caching, type: 'application/schema+json' });
