/** What was read of a body, in few large blocks: a stranger may send it in millions of pieces of one byte. */
export interface Collector {
  add(piece: Uint8Array): void;
  whole(): Uint8Array;
}

const blockBytes = 16_384;

export function createCollector(): Collector {
  const full: Uint8Array[] = [];
  let block: Buffer | null = null;
  let used = 0;
  const close = () => {
    if (block && used > 0) full.push(block.subarray(0, used));
    block = null;
    used = 0;
  };
  return {
    add(piece) {
      // A lone piece of some size is kept as it is: most answers are one.
      if (piece.byteLength >= 1_024 || (full.length === 0 && block === null)) {
        close();
        full.push(piece);
        return;
      }
      if (!block || used + piece.byteLength > blockBytes) {
        close();
        block = Buffer.allocUnsafe(blockBytes);
      }
      block.set(piece, used);
      used += piece.byteLength;
    },
    whole() {
      close();
      return full.length === 1 ? (full[0] as Uint8Array) : Buffer.concat(full);
    },
  };
}
