import { connect } from 'node:net';
import type { Config } from '#lib/config/schema.ts';
import type { Finding } from './doctor.ts';

/** Where messages go: settings that are understood, and places that answer a connection. No message is sent. */

export async function examineMail(url: string | null): Promise<Finding[]> {
  if (!url) return [{ what: 'mail', state: 'note', text: 'no smtp: email is off' }];
  let host: string;
  let port: number;
  try {
    const parsed = new URL(url);
    host = parsed.hostname;
    port = Number(parsed.port) || (parsed.protocol === 'smtps:' ? 465 : 587);
  } catch {
    return [
      { what: 'mail', state: 'bad', text: 'smtp.url is no address; expected smtps://user:password@host:465' },
    ];
  }
  const reached = await reach(host, port);
  return [
    {
      what: 'mail',
      state: reached ? 'bad' : 'good',
      text: reached ? `${host}:${port} cannot be reached: ${reached}` : `${host}:${port} answers`,
    },
  ];
}

export async function examineChannels(config: Pick<Config, 'channels' | 'smtp'>): Promise<Finding[]> {
  if (config.channels.length === 0)
    return [{ what: 'channels', state: 'note', text: 'none: nobody is told' }];
  const { readOperators } = await import('#lib/notify/operators.ts');
  const { receivers, lines, problems } = readOperators(config, 0);
  const flaws = problems.map(
    ({ path, expected }): Finding => ({
      what: 'channel',
      state: 'bad',
      text: `${path}: expected ${expected}`,
    }),
  );
  const places = receivers.map(async ({ id, channel }): Promise<Finding> => {
    const test = `try it with "npx signalbox send-test ${id}"`;
    // Its mail server has a line of its own.
    if (channel === 'email') return { what: 'channel', state: 'good', text: `${id}: ${test}` };
    const isPlain = config.channels.some((one) => isPlainHttp(one, lines.get(id)?.line.host ?? ''));
    const at = new URL(`${isPlain ? 'http' : 'https'}://${lines.get(id)?.line.host}`);
    const port = Number(at.port) || (isPlain ? 80 : 443);
    const fault = await reach(at.hostname.replace(/^\[|\]$/g, ''), port);
    return fault
      ? { what: 'channel', state: 'bad', text: `${id}: ${at.hostname}:${port} cannot be reached: ${fault}` }
      : { what: 'channel', state: 'good', text: `${id}: ${at.hostname}:${port} answers; ${test}` };
  });
  return [...flaws, ...(await Promise.all(places))];
}

function isPlainHttp(settings: Record<string, unknown>, host: string): boolean {
  return Object.values(settings).some(
    (value) => typeof value === 'string' && value.startsWith(`http://${host}`),
  );
}

const patienceMs = 4_000;

/** Why nothing answers there; null: a connection opens. Nothing is said on it. */
function reach(host: string, port: number): Promise<string | null> {
  return new Promise((done) => {
    const socket = connect({ host, port });
    const end = (fault: string | null) => {
      clearTimeout(limit);
      socket.destroy();
      done(fault);
    };
    const limit = setTimeout(() => end(`no answer in ${patienceMs / 1_000} s`), patienceMs);
    socket.on('connect', () => end(null));
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'failed'));
  });
}
