import { mkdirSync } from 'node:fs';

/** Where everything is kept. What keeps it from being made is said with what to do about it. */
export class FolderProblem extends Error {
  readonly code = 'no_data_folder';
  readonly permanent = true;
}

export function makeDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new FolderProblem(
      `The data folder cannot be used (${dataDir}): check its owner and mode, or set SIGNALBOX_DATA.`,
      { cause },
    );
  }
}
