import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { jsonLines } from './child-lines.ts';
import { median, type Print } from './figure.ts';
import { canMeasure, type Load, load, startNginx } from './rival.ts';

/** The feed and the page from memory, against nginx (one worker) with the same bytes and headers in the same run. */
export const name = 'feed';

const rounds = 3;
const seconds = 3;

export async function run(print: Print): Promise<void> {
  if (!canMeasure)
    return print({ figure: 'skipped', value: 0, unit: '', note: 'nginx and wrk are not installed' });
  // A process of its own: the bench's own work must not stand in its way.
  const child = spawn(process.execPath, [fileURLToPath(new URL('./edge-alone.ts', import.meta.url)), '300'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const { url, hasPages } = (await jsonLines(child)()) as { url: string; hasPages: boolean };
    await compare(print, `${url}/api/v1/health?view=routing`, 'routing view of 300 targets', {}, true);
    if (hasPages) await compare(print, `${url}/`, 'cached page', { accept: 'text/html' }, false);
  } finally {
    child.kill();
  }
}

async function compare(
  print: Print,
  url: string,
  what: string,
  headers: Record<string, string>,
  hasUnchanged: boolean,
): Promise<void> {
  const warm = { ...headers, 'user-agent': 'bench' };
  for (let i = 0; i < 3; i++) await (await fetch(url, { headers: warm })).arrayBuffer();
  const answer = await fetch(url, { headers: { ...warm, 'accept-encoding': 'identity' } });
  const rival = await startNginx(Buffer.from(await answer.arrayBuffer()), answer.headers);
  try {
    const theirTag = (await fetch(rival.url)).headers.get('etag') ?? '';
    const ours: Load[] = [];
    const theirs: Load[] = [];
    const unchanged: Load[] = [];
    const theirUnchanged: Load[] = [];
    for (let i = 0; i < rounds; i++) {
      ours.push(await load(url, seconds, headers));
      theirs.push(await load(rival.url, seconds, headers));
      if (!hasUnchanged) continue;
      const tag = (await fetch(url, { headers: warm })).headers.get('etag') ?? '';
      unchanged.push(await load(url, seconds, { ...headers, 'If-None-Match': tag }));
      theirUnchanged.push(await load(rival.url, seconds, { 'If-None-Match': theirTag }));
    }
    const perS = (list: Load[]) => median(list.map((l) => l.perS));
    const errors = ours.reduce((sum, l) => sum + l.errors, 0);
    const ratio = perS(ours) / perS(theirs);
    print({
      figure: `${what}, share of nginx's requests per s`,
      value: ratio,
      unit: 'of 1',
      limit: 0.6,
      isFloor: true,
      note: `${Math.round(perS(ours))} against ${Math.round(perS(theirs))} per s, ${errors} errors`,
    });
    print({
      figure: `${what}, p99 under that load`,
      value: median(ours.map((l) => l.p99Ms)),
      unit: 'ms',
      limit: hasUnchanged ? 20 : 50,
    });
    if (!hasUnchanged) return;
    const share = perS(unchanged) / perS(theirUnchanged);
    print({
      figure: `${what}, 304s, share of nginx's`,
      value: share,
      unit: 'of 1',
      limit: 0.5,
      isFloor: true,
      note: `${Math.round(perS(unchanged))} against ${Math.round(perS(theirUnchanged))} per s`,
    });
  } finally {
    rival.stop();
  }
}
