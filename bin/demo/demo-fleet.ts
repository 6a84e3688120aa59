import { buildFleet } from '#lib/config/fleet.ts';
import type { Watched } from '#lib/core/fleet.ts';
import type { Places } from './places.ts';

/** The configured fleet without everything that lies outside this machine: the demo opens no socket to the world. */
export function demoBuild(places: Places): typeof buildFleet {
  return (...args) => {
    const built = buildFleet(...args);
    return { ...built, watched: built.watched.flatMap((w) => onLoopback(w, places)) };
  };
}

const pages: Record<string, string> = { anthropic: '/anthropic', openai: '/openai' };

function onLoopback(watched: Watched, places: Places): Watched[] {
  if (isLoopback(watched.baseUrl)) return [watched];
  if (watched.probe !== 'official' || !pages[watched.target.provider ?? '']) return [];
  const baseUrl = `http://${places.host}:${places.directStatus}`;
  return [{ ...watched, baseUrl, dialect: 'statuspage', options: {} }];
}

function isLoopback(url: string): boolean {
  return url === '' || new URL(url).hostname === '127.0.0.1';
}
