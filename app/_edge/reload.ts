import type { Loaded } from '#lib/config/load.ts';
import { noOrigins } from '#lib/config/origins.ts';
import { watchFile } from '#lib/config/watch-file.ts';
import type { Edge } from './edge.ts';
import { chainsOf, settingsOf } from './settings.ts';

/** What needs a socket, a folder or a name of its own stays as it was at the start. */
export function takeConfig(edge: Edge, { config, origins }: Pick<Loaded, 'config' | 'origins'>): void {
  const { vantage, listen, data, url } = edge.config;
  edge.config = { ...config, vantage, listen, data, url };
  edge.origins = origins ?? noOrigins;
  Object.assign(edge.settings, settingsOf(edge.config, edge.url), { demo: edge.settings.demo });
  edge.live.takeChains(chainsOf(edge.config));
}

/** A changed file is read without a restart; a broken one is refused and the old one kept. The worker says so too. */
export function watchConfig(io: {
  edge: Edge;
  file: string;
  load: () => Pick<Loaded, 'config' | 'origins'>;
  everyMs?: number;
}): () => void {
  const onChange = (): void => {
    try {
      takeConfig(io.edge, io.load());
      io.edge.log.info({}, 'the changed configuration is in use');
    } catch (error) {
      io.edge.log.warn({ error }, 'the changed configuration is refused, the old one kept');
    }
  };
  return watchFile(io.file, onChange, io.everyMs);
}
