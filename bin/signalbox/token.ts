import { parseArgs } from 'node:util';
import { renewAdminToken } from '#lib/config/admin-token.ts';
import { loadConfig } from '#lib/config/load.ts';
import { parseDuration } from '#lib/config/shapes.ts';
import { type ApiKey, issueKey, listedKeys, parseScopes, revokeKey } from './api-keys.ts';
import { type Command, exitCodes, type Io, Usage } from './command.ts';
import { withStore } from './desk-store.ts';

const options = {
  scope: { type: 'string' },
  name: { type: 'string' },
  expires: { type: 'string' },
  list: { type: 'boolean' },
  revoke: { type: 'string' },
} as const;

export const token: Command = {
  summary: 'makes a new admin token, or issues a key for the API',
  help: `
usage: npx signalbox token
       npx signalbox token --scope incidents,webhooks [--name deploys] [--expires 90d]
       npx signalbox token --list
       npx signalbox token --revoke NAME

Without options: writes a new admin token into the data folder (admin-token, readable by you only) and prints
it once; the old one ends at once. Sessions that are open stay open until they expire; restart the server to
end them.

  --scope     issues a key for the API instead and prints it once; what it may do, with commas between:
              incidents, maintenance, look, observations, traces, metrics, webhooks
  --name      what it is called in the list and in the audit log
  --expires   how long it works (90d, 12h); without it, until it is revoked
  --list      keys that were issued, never the keys themselves
  --revoke    ends a key, by its name or its id

exit status: 0, 1 when there is no such key`,
  options: ['--scope', '--name', '--expires', '--list', '--revoke'],
  async run(args, io) {
    const { values } = parseArgs({ args, options });
    const { scope, name, expires, list, revoke } = values;
    if ([scope, list, revoke].filter((one) => one !== undefined).length > 1)
      throw new Usage('--scope, --list and --revoke do not go together');
    if (scope === undefined && (name ?? expires) !== undefined)
      throw new Usage('--name and --expires need --scope');
    if (list) return withStore(io, true, (store) => showAll(listedKeys(store), io));
    if (revoke !== undefined)
      return withStore(io, false, (store) => end(revokeKey(store, revoke), revoke, io));
    if (scope !== undefined) return issue({ scope, name, expires }, io);
    return renew(io);
  },
};

function renew(io: Io): number {
  if (io.env.SIGNALBOX_ADMIN_TOKEN) {
    io.err('The admin token comes from SIGNALBOX_ADMIN_TOKEN: change it there.');
    return exitCodes.not;
  }
  const { token: made, file } = renewAdminToken(loadConfig({ env: io.env, cwd: io.cwd }).dataDir);
  io.out(made);
  io.err(`written to ${file}`);
  return exitCodes.ok;
}

function issue(
  { scope, name, expires }: { scope: string; name: string | undefined; expires: string | undefined },
  io: Io,
): Promise<number> {
  const scopes = parseScopes(scope);
  const lifeMs = expires === undefined ? null : parseDuration(expires);
  if (expires !== undefined && !lifeMs) throw new Usage('--expires is a length of time such as 90d');
  if (name !== undefined && !/^[\w.-]{1,60}$/.test(name))
    throw new Usage('--name is up to 60 letters, digits, dots and dashes');
  const nowMs = Date.now();
  return withStore(io, false, (store) => {
    const expiresAtMs = lifeMs === null ? null : nowMs + lifeMs;
    const { key, issued } = issueKey(store, { scopes, name, expiresAtMs, nowMs });
    io.out(key);
    io.err(`${lineOf(issued)}. It is shown this once; send it as "Authorization: Bearer …".`);
    return exitCodes.ok;
  });
}

function end(isRevoked: boolean, name: string, io: Io): number {
  io.err(isRevoked ? `The key "${name}" has ended.` : `There is no key "${name}".`);
  return isRevoked ? exitCodes.ok : exitCodes.not;
}

function showAll(keys: ApiKey[], io: Io): number {
  for (const key of keys) io.out(lineOf(key));
  if (keys.length === 0) io.err('No key has been issued.');
  return exitCodes.ok;
}

function lineOf({ id, name, scopes, expiresAtMs }: ApiKey): string {
  const until = expiresAtMs === null ? 'until revoked' : `until ${new Date(expiresAtMs).toISOString()}`;
  return `${name} (${id}): ${scopes.join(', ')}, ${until}`;
}
