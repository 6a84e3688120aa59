import { asInstantMs, asObject, asText, parseJson } from '#lib/core/loose.ts';
import { type Platform, stateOf } from './page.ts';

const freshMs = 30 * 60_000;

/** DeepInfra's own document: one word and the time it was made; an old one says nothing about now. */
export const deepinfra: Platform = {
  documents: (page) => page.endpoints.filter((url) => url.endsWith('/status.json')).slice(0, 1),
  read: ([text], page) => {
    const body = asObject(parseJson(text));
    const word = asText(body?.overallStatus);
    if (!body || !word) return null;
    const madeAtMs = asInstantMs(body.lastUpdatedAt ?? body.generatedAt);
    const isFresh = madeAtMs !== null && page.nowMs - madeAtMs < freshMs;
    return {
      title: 'DeepInfra',
      components: [{ id: 'overall', name: 'DeepInfra', state: isFresh ? stateOf(word) : 'unknown' }],
      notices: [],
    };
  },
};
