import type { ProbeKind } from '#lib/core/observation.ts';
import type { Probe } from '../probe.ts';
import { account } from './account.ts';
import { capability } from './capability.ts';
import { catalog } from './catalog.ts';
import { completion } from './completion.ts';
import { control } from './control.ts';
import { drift } from './drift.ts';
import { heartbeat } from './heartbeat.ts';
import { http } from './http.ts';
import { official } from './official.ts';
import { reported } from './reported.ts';

/** Every kind of look there is. */
export const probeTable = {
  completion,
  catalog,
  account,
  control,
  reported,
  official,
  http,
  heartbeat,
  capability,
  drift,
  // Looked at like any plain address.
  canary: http,
} satisfies Record<ProbeKind, Probe>;
