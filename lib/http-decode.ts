import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { LookFault } from './http-faults.ts';

/** A body's bytes on their way from the wire to the reader, counted on both sides. */
export interface BodyPath {
  write(chunk: Uint8Array): void;
  /** Resolves when all that was written has been handed on. */
  end(): Promise<void>;
  destroy(): void;
}

const decoders = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
} as const;

/** One known coding is undone although none was asked for; a chain of them is a bomb or a fault. */
export function createBodyPath(
  coding: string | undefined,
  onDecoded: (chunk: Uint8Array) => void,
  onFault: (fault: LookFault) => void,
): BodyPath {
  const name = coding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') {
    return { write: onDecoded, end: () => Promise.resolve(), destroy: () => {} };
  }
  const create = decoders[name as keyof typeof decoders];
  if (!create) throw new LookFault('malformed', 'CODING', `unknown content coding`);
  const stream = create();
  const ended = new Promise<void>((resolve, reject) => {
    stream.once('end', resolve);
    stream.once('error', (cause) =>
      reject(new LookFault('malformed', 'CODING', `${name}: ${cause.message}`, cause)),
    );
    stream.once('close', () => reject(new LookFault('aborted', 'CLOSED', 'decoder closed')));
  });
  ended.catch(onFault);
  stream.on('data', onDecoded);
  return {
    write: (chunk) => void stream.write(chunk),
    end: () => {
      stream.end();
      return ended;
    },
    destroy: () => stream.destroy(),
  };
}
