import { createTrusted } from '#lib/http.ts';
import { createResolver } from '#lib/http-resolve.ts';
import type { Finding } from './doctor.ts';
import type { Desk } from './one-look.ts';

/** What this installation can reach: names, places, the gateway with its key, and what time it is there. */

export async function examineNetwork(desk: Desk): Promise<Finding[]> {
  const of = (probe: string) => desk.fleet.watched.filter((one) => one.probe === probe);
  const gateway = of('catalog')[0];
  const account = of('account')[0];
  const [names, controls, edge, key, clock] = await Promise.all([
    resolveNames([...of('control'), ...(gateway ? [gateway] : [])].map(({ baseUrl }) => baseUrl)),
    Promise.all(of('control').map((one) => desk.look(one, 4_000))),
    gateway ? desk.look(gateway, 5_000) : null,
    account ? desk.look(account, 5_000) : null,
    clockOffset(of('control').map(({ baseUrl }) => baseUrl)),
  ]);
  const dead = controls.filter(({ outcome }) => outcome.weight !== 'good');
  const silent = dead
    .map(
      ({ watched, observation }) => `${watched.target.provider} (${observation.fault ?? observation.status})`,
    )
    .join(', ');
  const findings: Finding[] = [
    names,
    {
      what: 'network',
      state: dead.length === 0 ? 'good' : dead.length < controls.length / 2 ? 'note' : 'bad',
      text:
        dead.length === 0
          ? `all ${controls.length} controls answer`
          : `${dead.length} of ${controls.length} controls do not answer: ${silent}`,
    },
    clock,
  ];
  if (edge)
    findings.push({
      what: 'gateway',
      state: edge.outcome.weight === 'bad' ? 'bad' : 'good',
      text:
        edge.outcome.weight === 'bad'
          ? edge.outcome.reason
          : `answers in ${Math.round(edge.observation.timing.headersMs ?? 0)} ms`,
    });
  findings.push(
    key
      ? {
          what: 'key',
          state: key.observation.account?.valid ? 'good' : 'bad',
          text: key.observation.account?.valid ? 'valid' : key.outcome.reason,
        }
      : { what: 'key', state: 'note', text: 'no OPENROUTER_API_KEY: only free checks run' },
  );
  return findings;
}

/** A wrong clock makes every published time wrong and every signature suspect. */
async function clockOffset(urls: string[]): Promise<Finding> {
  const http = createTrusted();
  for (const url of urls) {
    const look = await http.request({ url, limits: { totalMs: 4_000 }, onChunk: () => 'stop' });
    const date = Date.parse(look.headers.date ?? '');
    if (Number.isNaN(date)) continue;
    const offS = Math.round((Date.now() - date) / 1000);
    return {
      what: 'clock',
      state: Math.abs(offS) > 5 ? 'bad' : 'good',
      text: Math.abs(offS) > 5 ? `off by ${offS} s: set up time synchronisation` : 'agrees with the network',
    };
  }
  return { what: 'clock', state: 'note', text: 'could not be compared: no control sent its time' };
}

/** Names of the places we look at, through the very resolver that looks use. */
async function resolveNames(urls: string[]): Promise<Finding> {
  const names = [...new Set(urls.map((url) => new URL(url).hostname))].filter(
    (name) => /[a-z]/i.test(name) && !name.startsWith('['),
  );
  if (names.length === 0)
    return { what: 'names', state: 'note', text: 'nothing configured has a name to look up' };
  const resolver = createResolver();
  const startedMs = performance.now();
  const failed = await Promise.all(
    names.map((name) =>
      resolver.resolve(name).then(
        () => null,
        (fault: { code?: string }) => `${name} (${fault.code ?? 'fails'})`,
      ),
    ),
  ).then((all) => all.filter((one) => one !== null));
  const tookMs = Math.round(performance.now() - startedMs);
  return failed.length === 0
    ? { what: 'names', state: 'good', text: `${names.length} found in ${tookMs} ms` }
    : {
        what: 'names',
        state: failed.length === names.length ? 'bad' : 'note',
        text: `not found: ${failed.join(', ')}; look at the name servers of this machine`,
      };
}
