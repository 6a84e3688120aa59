import { createRequire } from 'node:module';

/** The one place that loads the packages: as ESM, drizzle costs 288 ms and 208 MB; required, 46 ms and 21 MB. */
const load = createRequire(import.meta.url ?? `${process.cwd()}/db/sqlite/drizzle.ts`);

export const core = load('drizzle-orm/sqlite-core') as typeof import('drizzle-orm/sqlite-core');
export const orm = load('drizzle-orm') as typeof import('drizzle-orm');

/** Loaded at the first open, so that a program that only reads the schema never loads the native part. */
export function loadDriver(): typeof import('drizzle-orm/better-sqlite3') {
  return load('drizzle-orm/better-sqlite3') as typeof import('drizzle-orm/better-sqlite3');
}
export function loadSqlite(): typeof import('better-sqlite3') {
  return load('better-sqlite3') as typeof import('better-sqlite3');
}
