import { startThread } from '../thread.ts';
import { type Backup, copyVerified } from './backup-copy.ts';
import type { Connection } from './connection.ts';
import { StoreProblem, type StoreProblemCode } from './problem.ts';

interface Answer {
  made?: Backup;
  problem?: { code: StoreProblemCode; sentence: string };
  text?: string;
}

/** A consistent, examined copy; made in a thread, while looks go on being recorded. */
export async function backup(db: Connection, toPath: string, key: Uint8Array | null): Promise<Backup> {
  if (db.path === ':memory:') return copyVerified(db.client, toPath, key);
  const answer = await askThread({ from: db.path, to: toPath, key });
  if (answer.made) return answer.made;
  if (answer.problem) throw new StoreProblem(answer.problem.code, answer.problem.sentence);
  throw new Error(`The backup to ${toPath} failed: ${answer.text ?? 'its thread ended without a word'}`);
}

function askThread(workerData: { from: string; to: string; key: Uint8Array | null }): Promise<Answer> {
  const thread = startThread('sqlite/backup-thread.ts', workerData);
  return new Promise((resolve, reject) => {
    let answer: Answer = {};
    thread.on('message', (message: Answer) => {
      answer = message;
    });
    thread.on('error', reject);
    thread.on('exit', () => resolve(answer));
  });
}
