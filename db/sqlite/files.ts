import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { StoreProblem } from './problem.ts';

/** What can be said of a database file before it is opened. */

const networkFileSystems: Record<number, string> = {
  26985: 'NFS',
  4283649346: 'CIFS',
  4266872130: 'SMB',
  20859: 'SMB',
  1702057286: 'FUSE',
  16914839: '9P',
  1397113167: 'AFS',
  1196443219: 'GPFS',
  12805120: 'Ceph',
};

export function networkFileSystem(type: number): string | null {
  return networkFileSystems[type >>> 0] ?? null;
}

function checkFolder(folder: string, isReader: boolean): void {
  if (!existsSync(folder)) {
    if (isReader) return;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new StoreProblem(
        'not_writable',
        `The data folder ${folder} cannot be made: choose another one or its owner.`,
        error,
      );
    }
  }
  const kind = networkFileSystem(statfsSync(folder).type);
  if (kind)
    throw new StoreProblem(
      'network_file_system',
      `The data folder ${folder} lies on a network file system (${kind}), where SQLite loses data. Choose a local folder.`,
    );
  if (isReader) return;
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StoreProblem(
      'not_writable',
      `The data folder ${folder} cannot be written: check its owner and mode.`,
      error,
    );
  }
}

const magic = 'SQLite format 3\u0000';

function checkHeader(path: string): void {
  const head = Buffer.alloc(100);
  let length = 0;
  try {
    const file = openSync(path, 'r');
    length = readSync(file, head, 0, 100, 0);
    closeSync(file);
  } catch (error) {
    throw new StoreProblem(
      'not_writable',
      `The database ${path} cannot be read: check its owner and mode.`,
      error,
    );
  }
  if (length === 0) {
    throw new StoreProblem(
      'empty_file',
      `The file ${path} is empty where the database should be. It was left as it is: restore a backup, or delete the file to begin anew.`,
    );
  }
  if (head.subarray(0, 16).toString('latin1') !== magic)
    throw new StoreProblem(
      'foreign_file',
      `The file ${path} is not a database. It was left as it is: choose another data folder.`,
    );
}

/** Throws the problem there is, else says whether there is a database. */
export function checkFile(path: string, isReader: boolean): { isThere: boolean } {
  checkFolder(dirname(path), isReader);
  if (!existsSync(path)) return { isThere: false };
  if (!statSync(path).isFile())
    throw new StoreProblem('foreign_file', `${path} is not a file. Choose another data folder.`);
  checkHeader(path);
  if (!isReader) {
    try {
      accessSync(path, constants.W_OK | constants.R_OK);
    } catch (error) {
      throw new StoreProblem(
        'not_writable',
        `The database ${path} cannot be written: check its owner and mode.`,
        error,
      );
    }
  }
  return { isThere: true };
}
