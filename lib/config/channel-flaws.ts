import { readOperators } from '../notify/operators.ts';
import type { ConfigFlaw } from './problem.ts';
import type { Config } from './schema.ts';

/** What each channel's own file says of its settings: a mistyped key or a secret of the wrong shape stops the start. */
export function channelFlaws(config: Config, missing: ReadonlyMap<string, string>): ConfigFlaw[] {
  const own = readOperators(config, 0).problems.map(({ path, expected }) => {
    const variable = missing.get(path);
    return {
      path,
      line: null,
      column: null,
      value: valueAt(config, path),
      expected: variable ? `the environment variable ${variable} to be set` : expected,
    };
  });
  return [...own, ...canaryFlaws(config)];
}

/** The test alarm may go through channels that exist. */
function canaryFlaws({ canary, channels }: Config): ConfigFlaw[] {
  const names = channels.map((one) => one.name).filter((name) => name !== undefined);
  const expected = names.length > 0 ? `the name of a channel: ${names.join(', ')}` : 'a channel with a name';
  return canary.through.flatMap((value, index) =>
    names.includes(value)
      ? []
      : [{ path: `canary.through[${index}]`, line: null, column: null, value, expected }],
  );
}

function valueAt(config: Config, path: string): unknown {
  const [, index = '', ...keys] = path.split(/[.[\]]+/);
  let node: unknown = config.channels[Number(index)];
  for (const key of keys) node = (node as Record<string, unknown> | null | undefined)?.[key];
  return node;
}
