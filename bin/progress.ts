export interface Progress {
  to(share: number, what: string): void;
  end(): void;
}

/** For so long nobody wonders whether anything happens. */
export const patienceMs = 500;

interface Sink {
  isTTY?: boolean;
  write(text: string): unknown;
}

interface ProgressOptions {
  /** Work that is over sooner shows nothing. */
  afterMs?: number;
  monoMs?: () => number;
}

/** A bar where a person watches, a line of JSON each quarter where a program reads. */
export function progressOn(out: Sink, options: ProgressOptions = {}): Progress {
  const { afterMs = 0, monoMs = () => performance.now() } = options;
  const startedMs = monoMs();
  let last = out.isTTY ? -1 : 0;
  let isShown = false;
  return {
    to(share, what) {
      if (monoMs() - startedMs < afterMs) return;
      const percent = Math.min(100, Math.max(0, Math.round(share * 100)));
      const step = out.isTTY ? 1 : 25;
      if (percent === last || (percent - last < step && percent < 100)) return;
      last = percent;
      isShown = true;
      out.write(
        out.isTTY ? `\r${barOf(percent, what)}` : `${JSON.stringify({ progress: percent / 100, what })}\n`,
      );
    },
    end() {
      if (out.isTTY && isShown) out.write('\n');
    },
  };
}

function barOf(percent: number, what: string): string {
  const filled = Math.round(percent / 4);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(25 - filled)}] ${String(percent).padStart(3)} % ${what}`;
  return bar.padEnd(72);
}
