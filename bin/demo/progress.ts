export interface Progress {
  to(share: number, what: string): void;
  end(): void;
}

/** A bar where a person watches, a few plain lines where a log does. */
export function progressOn(out: NodeJS.WriteStream): Progress {
  let last = -1;
  return {
    to(share, what) {
      const percent = Math.min(100, Math.round(share * 100));
      const step = out.isTTY ? 1 : 25;
      if (percent - last < step && percent < 100) return;
      last = percent;
      const filled = Math.round(percent / 4);
      const bar = `[${'#'.repeat(filled)}${'.'.repeat(25 - filled)}] ${String(percent).padStart(3)} % ${what}`;
      out.write(out.isTTY ? `\r${bar.padEnd(72)}` : `${bar}\n`);
    },
    end() {
      if (out.isTTY) out.write('\n');
    },
  };
}
