import type { GuardTable } from './guard.ts';

/** What a browser's forms are sent to. */
export const adminGuards = {} satisfies GuardTable;
