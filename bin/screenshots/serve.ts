import { type RunningWeb, runWeb } from '#app/_edge/main.ts';
import { parseConfig } from '#lib/config/load.ts';
import type { Store } from '#lib/store.ts';
import { makeScene, type SceneName } from '#lib/testing/scene.ts';
import { sceneStore } from '#lib/testing/scene-store.ts';

export const sceneConfig = `
vantage: frankfurt
chains:
  chat: [openrouter/any/openai/gpt-5-nano, openrouter/anthropic/anthropic/claude-haiku-4.5, openrouter/google-vertex/google/gemini-2.5-flash-lite]
smtp: { url: 'smtp://127.0.0.1:1', from: status@example.com }
`;

/** The real edge and the real pages, over an invented store. */
export async function serveScene(name: SceneName, nowMs: number, port = 0): Promise<RunningWeb> {
  const scene = makeScene(name, nowMs);
  const store: Store = { ...sceneStore(scene), close: () => undefined };
  const { config } = parseConfig(sceneConfig, {}, null);
  const quiet = (): void => undefined;
  return runWeb({
    config,
    openStore: () => store,
    host: '127.0.0.1',
    port,
    dataDir: null,
    adminToken: 'scene-admin-token',
    log: {
      info: quiet,
      warn: (facts, text) => console.error(text, facts),
      error: (facts, text) => console.error(text, facts),
    },
    nowMs: () => nowMs,
  });
}

if (import.meta.main) {
  const web = await serveScene(
    (process.argv[2] ?? 'calm') as SceneName,
    Date.now(),
    Number(process.env.PORT ?? 0),
  );
  console.log(web.address.port);
}
