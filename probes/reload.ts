import { type Env, type Loaded, loadConfig } from '#lib/config/load.ts';
import { watchFile } from '#lib/config/watch-file.ts';

/** A changed configuration is read without a restart; a broken one is refused with its flaws and the old one kept. */
export function watchConfig(io: {
  file: string;
  env: Env;
  cwd: string;
  current: () => Loaded;
  accept(loaded: Loaded): void;
  say(sentence: string): void;
  everyMs?: number;
}): () => void {
  const onChange = (): void => {
    let next: Loaded;
    try {
      next = loadConfig({ env: io.env, cwd: io.cwd });
    } catch (cause) {
      io.say(
        `The changed configuration is refused and the old one kept: ${cause instanceof Error ? cause.message : cause}`,
      );
      return;
    }
    const before = io.current();
    if (next.config.vantage !== before.config.vantage || next.dataDir !== before.dataDir)
      io.say('A changed vantage or data folder takes effect at the next start.');
    io.accept({
      ...next,
      dataDir: before.dataDir,
      config: { ...next.config, vantage: before.config.vantage },
    });
    io.say('The changed configuration is in use.');
  };
  return watchFile(io.file, onChange, io.everyMs);
}
