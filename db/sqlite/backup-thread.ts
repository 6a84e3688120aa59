import { parentPort, workerData } from 'node:worker_threads';
import { copyVerified } from './backup-copy.ts';
import { openClient } from './connection.ts';
import { namedProblem, StoreProblem } from './problem.ts';

const { from, to, key } = workerData as { from: string; to: string; key: Uint8Array | null };
try {
  const client = openClient(from, true);
  const made = copyVerified(client, to, key);
  client.close();
  parentPort?.postMessage({ made });
} catch (error) {
  // Damage is the source's: a copy that cannot be made is not damaged.
  const isDamage = /^SQLITE_(CORRUPT|NOTADB)/.test((error as { code?: string }).code ?? '');
  const problem = namedProblem(error, isDamage ? from : to);
  parentPort?.postMessage(
    problem instanceof StoreProblem
      ? { problem: { code: problem.code, sentence: problem.sentence } }
      : { text: error instanceof Error ? error.message : String(error) },
  );
}
