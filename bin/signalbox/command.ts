/** A verb of the command line is one file exporting a Command, and one line in the table of `commands.ts`. */

export interface Io {
  out: (text: string) => void;
  err: (text: string) => void;
  /** Progress bars only for people: NDJSON when this is not a terminal. */
  isTerminal: boolean;
  env: Record<string, string | undefined>;
  cwd: string;
  root: string;
}

export interface Command {
  summary: string;
  /** Lines of help below the summary: usage, options, what the exit status means, an example that works. */
  help: string;
  /** Options for completion. */
  options: string[];
  run: (args: string[], io: Io) => Promise<number>;
}

export const exitCodes = { ok: 0, not: 1, usage: 2, unknown: 3, cannotGoOn: 78 } as const;

/** Expected trouble on the command line: one sentence, no stack. */
export class Usage extends Error {
  readonly code = 'usage';
  readonly permanent = true;
}
