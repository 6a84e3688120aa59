/** Why a store cannot be used, in one sentence that names the thing and the remedy. */
export type StoreProblemCode =
  | 'not_writable'
  | 'newer_version'
  | 'not_migrated'
  | 'foreign_file'
  | 'empty_file'
  | 'network_file_system'
  | 'integrity'
  | 'locked'
  | 'full'
  | 'missing'
  | 'gone'
  | 'exists'
  | 'old_sqlite'
  | 'wrong_key'
  | 'unsupported_engine';

export class StoreProblem extends Error {
  readonly code: StoreProblemCode;
  readonly sentence: string;
  /** false: the same call may succeed later. */
  readonly permanent: boolean;
  constructor(code: StoreProblemCode, sentence: string, cause?: unknown) {
    super(sentence, { cause });
    this.name = 'StoreProblem';
    this.code = code;
    this.sentence = sentence;
    this.permanent = code !== 'locked' && code !== 'full' && code !== 'not_migrated';
  }
}

const corrupt = /^SQLITE_(CORRUPT|NOTADB|IOERR)/;

/** Names what SQLite refused; anything else is passed on as it is. */
export function namedProblem(error: unknown, path: string): unknown {
  if (error instanceof StoreProblem || !(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new StoreProblem('locked', `The database ${path} is locked by another process.`, error);
  if (code === 'SQLITE_FULL')
    return new StoreProblem('full', `The disk under ${path} is full: free some space.`, error);
  if (code === 'SQLITE_READONLY' || code.startsWith('SQLITE_READONLY_') || code === 'SQLITE_CANTOPEN')
    return new StoreProblem(
      'not_writable',
      `The database ${path} cannot be written: check its owner and mode.`,
      error,
    );
  if (corrupt.test(code))
    return new StoreProblem(
      'integrity',
      `The database ${path} is damaged (${error.message}). Nothing more is written; restore a backup.`,
      error,
    );
  return error;
}
