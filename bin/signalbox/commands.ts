import type { Command } from './command.ts';

/** Loaded only when called: `ask` must not wait for a database it does not need. */
export const commands = {
  ask: () => import('./ask.ts').then((m) => m.ask),
  explain: () => import('./explain.ts').then((m) => m.explain),
  look: () => import('./look.ts').then((m) => m.look),
  replay: () => import('./replay.ts').then((m) => m.replay),
  validate: () => import('./validate.ts').then((m) => m.validate),
  doctor: () => import('./doctor.ts').then((m) => m.doctor),
  report: () => import('./report.ts').then((m) => m.report),
  export: () => import('./export.ts').then((m) => m.exportHistory),
  'send-test': () => import('./send-test.ts').then((m) => m.sendTest),
  backup: () => import('./backup.ts').then((m) => m.backup),
  verify: () => import('./verify.ts').then((m) => m.verify),
  restore: () => import('./restore.ts').then((m) => m.restore),
  import: () => import('./import.ts').then((m) => m.importHistory),
  token: () => import('./token.ts').then((m) => m.token),
  completion: () => import('./completion.ts').then((m) => m.completion),
} satisfies Record<string, () => Promise<Command>>;

export type Verb = keyof typeof commands;
