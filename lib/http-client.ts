import { createRequire } from 'node:module';
import type { Client as UndiciClient } from 'undici';

// The front door of the package loads caches, mocks, cookies and websockets too: 80 ms of every start, for nothing.
export const Client = createRequire(import.meta.url)(
  'undici/lib/dispatcher/client.js',
) as typeof UndiciClient;
export type Client = UndiciClient;
