import { expect, it } from 'vitest';
import { parseConfig } from '#lib/config/load.ts';
import { sceneConfig, serveScene } from './serve.ts';

it('the pictures are taken of a configuration that is accepted', () => {
  const { config } = parseConfig(sceneConfig, {}, null);
  expect(Object.keys(config.chains)).toEqual(['chat']);
});

// Seen red while the invented store lacked a verb that the edge reads.
it('the edge can read all it shows from the invented store', async () => {
  const web = await serveScene('major', Date.now());
  try {
    const answer = await fetch(`http://127.0.0.1:${web.address.port}/api/v1/health`);
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { incidents: unknown[] }).incidents).toHaveLength(1);
  } finally {
    await web.close();
  }
});
