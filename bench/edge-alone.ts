import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectDir } from '#app/_edge/prepare-pages.ts';
import { manyRoutes } from '#lib/testing/many-routes.ts';
import { startEdge } from '#lib/testing/running-edge.ts';

/** An edge with so many routes, alone in its process. Says where it is; a line on stdin changes one route. */
const count = Number(process.argv[2] ?? 300);
const hasPages = existsSync(join(projectDir, '.next', 'BUILD_ID'));
const edge = await startEdge({
  scene: 'calm',
  config: { feed: { streams_per_address: 100_000 } },
  web: hasPages ? { nextDir: projectDir } : {},
});
const routes = manyRoutes(edge.store, count, Date.now());
while (edge.web.edge.live.facts().routes.length !== count) await new Promise((done) => setTimeout(done, 20));
setInterval(
  () => edge.store.upkeep.beat({ atMs: Date.now(), startedAtMs: 0, vantage: 'local', facts: {} }),
  5_000,
);
process.stdout.write(`${JSON.stringify({ url: edge.url, hasPages, pid: process.pid })}\n`);

let turn = 0;
process.stdin.on('data', () => {
  turn += 1;
  const [route] = routes;
  if (!route) return;
  const circuit = {
    ...route.circuit,
    state: turn % 2 === 1 ? ('open' as const) : ('closed' as const),
    sinceMs: Date.now(),
  };
  const plan = {
    components: [],
    routes: [{ ...route, circuit }],
    incidents: [],
    events: [],
    guard: null,
    asks: [],
  };
  edge.store.looks.advance(Date.now(), () => plan);
  process.stdout.write(
    `${JSON.stringify({ writtenAtMs: Date.now(), rss: process.memoryUsage.rss(), open: edge.web.edge.streams.open })}\n`,
  );
});
process.stdin.on('end', () => process.exit(0));
