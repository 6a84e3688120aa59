import { existsSync, rmSync, statfsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * A full disk: even deleting fails then. A file kept in reserve is given up, looks are no longer stored, and incidents
 * and messages go on; once there is room again the reserve is laid anew.
 */
export interface Space {
  /** Only decisions are written, no looks. */
  isShort(): boolean;
  /** Called when a write found the disk full. */
  release(): void;
  /** Called with every heartbeat: lays the reserve, and notices when there is room again. */
  tend(): void;
}

const reserveName = 'reserve';
export const defaultReserveBytes = 64 << 20;
/** Below this much room looks are no longer stored, before anything fails. */
const leastFreeBytes = 64 << 20;

export function spaceBeside(path: string, reserveBytes: number): Space {
  if (path === ':memory:' || reserveBytes <= 0) return { isShort: () => false, release() {}, tend() {} };
  const folder = dirname(path);
  const reserve = join(folder, reserveName);
  let isShort = false;
  let isLaying = false;
  const freeBytes = () => {
    const fs = statfsSync(folder);
    return fs.bavail * fs.bsize;
  };
  const lay = async () => {
    isLaying = true;
    try {
      await writeReserve(reserve, reserveBytes);
    } catch {
      isShort = true;
    } finally {
      isLaying = false;
    }
  };
  return {
    isShort: () => isShort,
    release() {
      isShort = true;
      rmSync(reserve, { force: true });
    },
    tend() {
      const free = freeBytes();
      const isLaid = existsSync(reserve);
      isShort = free < (isLaid ? leastFreeBytes : leastFreeBytes + reserveBytes);
      if (!isLaid && !isShort && !isLaying) void lay();
    },
  };
}

const chunk = Buffer.alloc(1 << 20);

/** Real blocks: a file that is only as long as that would hold nothing in reserve. */
async function writeReserve(path: string, bytes: number): Promise<void> {
  const part = `${path}.part`;
  try {
    const file = await open(part, 'w', 0o600);
    try {
      for (let done = 0; done < bytes; done += chunk.length)
        await file.write(chunk, 0, Math.min(chunk.length, bytes - done));
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
