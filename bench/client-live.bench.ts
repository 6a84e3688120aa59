import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore } from '#db/open.ts';
import { endedAtMs } from '#lib/core/observation.ts';
import type { Store } from '#lib/store.ts';
import { providerDown } from '#probes/sim/faults.ts';
import { type Sim, startSim } from '#probes/sim/main.ts';
import { jsonLines } from './child-lines.ts';
import type { Print } from './figure.ts';

export const name = 'client: failing look to avoided call';

const model = 'meta-llama/llama-3.3-70b-instruct';
/** How often is looked, and how long a failing answer takes. */
const cases = [
  { everyS: 10, answerMs: 0 },
  { everyS: 60, answerMs: 800 },
];
const hurry = 20;

/** Worker, edge and router as processes against the scripted OpenRouter: a provider falls, and the router leaves it. Then the feed dies. */
export async function run(print: Print): Promise<void> {
  for (const one of cases) {
    const live = await startAll(one.everyS);
    try {
      await avoided(live, one, print);
      if (one === cases[0]) await feedDead(live, print);
    } finally {
      await live.stop();
    }
  }
}

interface Live {
  sim: Sim;
  store: Store;
  edge: ChildProcess;
  url: string;
  /** Of the provider that will fall. */
  watched: string;
  router: ChildProcess;
  line: () => Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

async function avoided(
  { sim, store, watched, line }: Live,
  { everyS, answerMs }: (typeof cases)[number],
  print: Print,
): Promise<void> {
  await next(line, (said) => said.is === 'in' && said.freshness === 'fresh', 30_000);
  const fellAtMs = Date.now();
  sim.script({ ...providerDown('deepinfra'), delayMs: answerMs });
  const out = await next(line, (said) => said.is === 'out', 120_000);
  const avoidedAtMs = Number(out.atMs);
  const failedAtMs = firstFailure(store, fellAtMs);
  const openedAtMs = store.looks.current().routes.find((one) => one.targetId === watched)?.circuit.sinceMs;
  const steps = [failedAtMs, openedAtMs ?? Number.NaN, avoidedAtMs].map((atMs) =>
    ((atMs - fellAtMs) / 1_000).toFixed(1),
  );
  print({
    figure: `end of the first failing look to the first avoided call, every ${everyS} s${answerMs > 0 ? `, failing in ${answerMs} ms` : ''}`,
    value: (avoidedAtMs - failedAtMs) / 1_000,
    unit: 's',
    limit: 5,
    note: `after the fault: failing look ${steps[0]} s, circuit open ${steps[1]} s, avoided ${steps[2]} s`,
  });
}

/** What the contract writes: fresh it is followed, stale it is held until the earlier of two instants, expired it is ignored. */
async function feedDead({ edge, url, watched, router, line }: Live, print: Print): Promise<void> {
  const before = await fetch(`${url}/api/v1/health?view=routing&target=${encodeURIComponent(watched)}`);
  const document = (await before.json()) as { targets: { circuit: { retry_at: string | null } }[] };
  const retryAtMs = Date.parse(document.targets[0]?.circuit.retry_at ?? '') || Number.POSITIVE_INFINITY;
  edge.kill('SIGKILL');
  const diedAtMs = Date.now();
  router.stdin?.write(String(hurry));
  const died = Number((await next(line, (said) => said.is === 'hurried', 5_000)).clockMs);
  const sinceS = (said: Record<string, unknown>) => (Number(said.clockMs) - died) / 1_000;
  const lines: Record<string, unknown>[] = [];
  await next(
    line,
    (said) => {
      lines.push(said);
      return said.freshness === 'expired' && said.is === 'in';
    },
    60_000,
  );
  const staleS = sinceS(lines.find((said) => said.freshness === 'stale') ?? {});
  const heldS = sinceS(lines.find((said) => said.is !== 'out') ?? {});
  const ignoredS = sinceS(lines.at(-1) ?? {});
  const writtenS = Math.max(staleS, Math.min((retryAtMs - diedAtMs) / 1_000, staleS + 120));
  const note = `stale after ${staleS.toFixed(0)} s, held for ${heldS.toFixed(0)} s, ignored after ${ignoredS.toFixed(0)} s; the router's clock ran ${hurry} times as fast`;
  print({
    figure: 'feed dead: held, against what is written',
    value: Math.abs(heldS - writtenS),
    unit: 's',
    limit: 2,
    note,
  });
  print({
    figure: 'feed dead: ignored, against what is written',
    value: Math.abs(ignoredS - staleS - 300),
    unit: 's',
    limit: 2,
    note,
  });
}

async function startAll(everyS: number): Promise<Live> {
  const cwd = mkdtempSync(join(tmpdir(), 'client-live-'));
  const sim = await startSim({ latencyScale: 0.2 });
  const children: ChildProcess[] = [];
  let store: Store | null = null;
  const stop = async () => {
    for (const child of children.reverse()) await ended(child);
    store?.close();
    await sim.close();
    rmSync(cwd, { recursive: true, force: true });
  };
  const start = (file: string, ...args: string[]) => {
    const path = fileURLToPath(new URL(`./client/${file}`, import.meta.url));
    const child = spawn(process.execPath, [path, ...args], { cwd, stdio: ['pipe', 'pipe', 'ignore'] });
    children.push(child);
    return { child, line: jsonLines(child) };
  };
  try {
    writeFileSync(join(cwd, 'signalbox.yaml'), yamlOf(sim, everyS));
    await next(start('worker.ts').line, (said) => said.ready === true, 30_000);
    store = openStore({ dataDir: join(cwd, 'data'), isReader: true });
    const seen = store;
    await until(() => allSeen(seen), 120_000);
    const { child: edge, line: said } = start('edge.ts');
    const { url } = (await next(said, (line) => typeof line.url === 'string', 30_000)) as { url: string };
    const { watched, ids } = await targetsOf(url);
    const { child: router, line } = start('router.ts', url, watched, ...ids);
    return { sim, store, edge, url, watched, router, line, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Routing {
  targets: { id: string }[];
}

async function targetsOf(url: string): Promise<{ watched: string; ids: string[] }> {
  const tail = model.replace('/', '~');
  let text = '';
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await fetch(`${url}/api/v1/health?view=routing`);
    text = await answer.text();
    const { targets } = JSON.parse(text) as Routing;
    const ids = targets.filter((one) => one.id.endsWith(tail)).map((one) => one.id);
    const watched = ids.find((id) => id.includes(':deepinfra'));
    if (watched && ids.length >= 3) return { watched, ids };
    await new Promise((go) => setTimeout(go, 100));
  }
  throw new Error(`the feed does not hold the targets: ${text.slice(0, 400)}`);
}

const routes = [
  ['deepinfra', model],
  ['deepinfra', 'meta-llama/llama-3.1-8b-instruct'],
  ['groq', model],
  ['groq', 'meta-llama/llama-3.1-8b-instruct'],
  ['novita', model],
  ['openai', 'openai/gpt-4.1-nano'],
  ['azure', 'openai/gpt-4.1-nano'],
];

function yamlOf(sim: Sim, everyS: number): string {
  const listed = routes.map(([provider, id]) => `      - { provider: ${provider}, model: ${id} }`).join('\n');
  return `
known_providers: false
gateways:
  openrouter:
    base_url: ${sim.baseUrl}
    key: sk-or-v1-bench
    status_page: ${sim.statusUrl}
    every: { completion: ${everyS}s, catalog: 60s, account: 60s }
    routes:
${listed}
controls:
  - { name: one, url: ${sim.statusUrl}/ }
  - { name: two, url: ${sim.statusUrl}/config.json }
  - { name: three, url: ${sim.baseUrl}/providers }
budget: { usd_per_day: 50, usd_per_month: 500, requests_per_day: 1000000 }
`;
}

const completions = (store: Store) => store.looks.current().fleet.filter((one) => one.probe === 'completion');

function allSeen(store: Store): boolean {
  const watched = completions(store);
  return watched.length > 0 && watched.every((one) => store.looks.last(one.key, 1)[0]?.outcome === 'ok');
}

/** Of the target itself: its provider's other route has a slot and a first failure of its own. */
function firstFailure(store: Store, sinceMs: number): number {
  const ends = completions(store)
    .filter((one) => one.key.includes('deepinfra') && one.key.includes('3.3-70b'))
    .flatMap((one) => store.looks.last(one.key, 50))
    .filter((look) => look.observation.atMs >= sinceMs && look.outcome !== 'ok')
    .map((look) => endedAtMs(look.observation));
  return Math.min(...ends);
}

/** The first line that is wanted. */
async function next(
  line: () => Promise<Record<string, unknown>>,
  isWanted: (said: Record<string, unknown>) => boolean,
  limitMs: number,
): Promise<Record<string, unknown>> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error('a process did not say what was waited for')),
    limitMs,
  );
  try {
    for (;;) {
      const said = await Promise.race([line(), late.promise]);
      if (isWanted(said)) return said;
    }
  } finally {
    clearTimeout(timer);
  }
}

async function until(check: () => boolean, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!check()) {
    if (performance.now() > end) throw new Error('it did not come to be');
    await new Promise((go) => setTimeout(go, 50));
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((go) => child.once('exit', go));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(timer);
}
