import { createServer, type Server } from 'node:http';
import { type Direct, startDirect } from '#probes/sim/direct.ts';
import { closeServer, listen, type Sim, startSim } from '#probes/sim/main.ts';
import type { Places } from './places.ts';

/** The simulated outside: a gateway with its status page, three providers called directly, three reference sites. */
export interface DemoWorld {
  gateway: Sim;
  direct: { anthropic: Direct; openai: Direct; google: Direct };
  /** Cuts or restores every connection of this machine to the outside, messages excepted. */
  setLine(isUp: boolean): void;
  close(): Promise<void>;
}

export const demoLatencyScale = 0.4;
export const directFirstTokenMs = 180;

export async function startWorld(places: Places, seed: number): Promise<DemoWorld> {
  const gateway = await startSim({
    seed,
    latencyScale: demoLatencyScale,
    port: places.gateway,
    statusPort: places.gatewayStatus,
    keepCalls: 500,
  });
  const pace = { firstTokenMs: directFirstTokenMs, gapMs: 12 };
  const direct = {
    anthropic: await startDirect({ ...pace, dialect: 'anthropic-messages', port: places.direct.anthropic }),
    openai: await startDirect({ ...pace, dialect: 'openai-responses', port: places.direct.openai }),
    google: await startDirect({ ...pace, dialect: 'gemini-generateContent', port: places.direct.google }),
  };
  let isUp = true;
  const sites = await Promise.all(
    [...places.controls, places.directStatus].map((port) => startSite(port, () => isUp)),
  );
  let mend: (() => void)[] = [];
  return {
    gateway,
    direct,
    setLine(next) {
      isUp = next;
      for (const undo of mend) undo();
      const cut = { at: 'gateway', resetAfterTokens: -1 } as const;
      mend = next ? [] : [gateway, ...Object.values(direct)].map((server) => server.script(cut));
    },
    close: async () => {
      await Promise.all([
        gateway.close(),
        ...Object.values(direct).map((d) => d.close()),
        ...sites.map(closeServer),
      ]);
    },
  };
}

const calmPage = JSON.stringify({
  page: { id: 'demo', name: 'Simulated provider', url: 'https://status.example' },
  status: { indicator: 'none', description: 'All Systems Operational' },
  components: [{ id: 'api', name: 'API', status: 'operational', group: false }],
  incidents: [],
  scheduled_maintenances: [],
});

/** A reference site, and the status page of the simulated providers: both answer anybody. */
async function startSite(port: number, isUp: () => boolean): Promise<Server> {
  const server = createServer((req, res) => {
    if (req.url === '/api/v2/summary.json')
      res.writeHead(200, { 'content-type': 'application/json' }).end(calmPage);
    else res.writeHead(req.url === '/' ? 200 : 404, { 'content-type': 'text/plain' }).end('ok\n');
  });
  server.on('connection', (socket) => {
    if (!isUp()) socket.resetAndDestroy();
  });
  await listen(server, port);
  return server;
}
