import { envoyEds } from './envoy.ts';
import type { Export } from './export.ts';
import { haproxy } from './haproxy.ts';
import { litellm } from './litellm.ts';
import { nginx } from './nginx.ts';
import { openrouter } from './openrouter.ts';
import { portkey } from './portkey.ts';
import { vercel } from './vercel.ts';

export const exportFormats = {
  openrouter,
  litellm,
  portkey,
  vercel,
  haproxy,
  'envoy-eds': envoyEds,
  nginx,
} as const satisfies Record<string, Export>;
export type ExportFormat = keyof typeof exportFormats;

export const exportNames = Object.keys(exportFormats) as ExportFormat[];
