import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from './flaws.ts';
import { loadConfig, parseConfig } from './load.ts';
import { ConfigProblem } from './problem.ts';
import { substitute } from './substitute.ts';

function problemOf(text: string, env: Record<string, string> = {}): ConfigProblem {
  try {
    parseConfig(text, env, 'signalbox.yaml');
  } catch (problem) {
    return problem as ConfigProblem;
  }
  throw new Error('was accepted');
}

describe('a configuration', () => {
  it('needs no file', () => {
    const { config, file } = loadConfig({ env: {}, cwd: mkdtempSync(join(tmpdir(), 'sb-')) });
    expect(file).toBeNull();
    expect(config.listen).toEqual({ host: '127.0.0.1', port: 3000, worker_port: null, trusted_proxies: [] });
    expect(config.budget.usd_per_day).toBe(0.5);
    expect(config.controls).toHaveLength(3);
    expect(config.retention.days).toBeNull();
  });

  it('takes a value from the environment and knows where it came from', () => {
    const { config, fromEnv } = parseConfig(
      'gateways: { openrouter: { key: "${OR}" } }',
      { OR: 'sk-or-v1-x' },
      null,
    );
    expect(config.gateways.openrouter?.key).toBe('sk-or-v1-x');
    expect(fromEnv.get('gateways.openrouter.key')).toBe('OR');
  });

  it('treats an unset optional key as no key', () => {
    const { config } = parseConfig('gateways: { openrouter: { key: "${OR}" } }', {}, null);
    expect(config.gateways.openrouter?.key).toBeNull();
  });

  it('names the variable where a needed value is unset', () => {
    expect(problemOf('url: ${MY_URL}').message).toContain('the environment variable MY_URL to be set');
  });

  it('lets PORT, HOST, SIGNALBOX_URL and SIGNALBOX_DATA win over the file', () => {
    const env = {
      PORT: '8080',
      HOST: '0.0.0.0',
      SIGNALBOX_URL: 'https://s.example',
      SIGNALBOX_DATA: '/var/sb',
    };
    const { config } = parseConfig('listen: { port: 1234 }\nurl: https://other.example', env, null);
    expect(config).toMatchObject({
      url: 'https://s.example',
      data: '/var/sb',
      listen: { host: '0.0.0.0', port: 8080 },
    });
  });

  it('names line, column, value and the nearest key for a typing error', () => {
    const problem = problemOf('page:\n  titel: Status\n');
    expect(problem.message).toMatch(
      /^signalbox\.yaml:2:\d+: "page\.titel" is "Status"; expected one of the keys/,
    );
    expect(problem.message).toContain('did you mean "title"?');
  });

  it('names what a duration must look like', () => {
    expect(problemOf('confirm: { after: soon }').message).toContain('a duration such as 30s, 5m or 2h');
  });

  it('refuses a port that is no port, from the environment too', () => {
    expect(problemOf('', { PORT: 'http' }).message).toContain('"listen.port"');
    expect(problemOf('', { PORT: '70000' }).message).toContain('"listen.port"');
  });

  it('names the place of broken YAML', () => {
    expect(problemOf('page: {\n  title: "x').flaws[0]?.line).toBeGreaterThanOrEqual(1);
  });

  it.each(['url: *nowhere', 'a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b]'])(
    'names an alias that stands for nothing, or for too much: %j',
    (text) => expect(() => parseConfig(text, {}, 'signalbox.yaml')).toThrow(ConfigProblem),
  );

  it('never shows a secret in a flaw', () => {
    expect(problemOf('heartbeats: [{ name: a, token: hunter2, every: 1m }]').message).not.toContain(
      'hunter2',
    );
  });

  it('stops at a file that is named but missing or unreadable', () => {
    const dir = mkdtempSync(join(tmpdir(), 'sb-'));
    expect(() => loadConfig({ env: { SIGNALBOX_CONFIG: 'nope.yaml' }, cwd: dir })).toThrow(
      /a file that exists/,
    );
    const big = join(dir, 'big.yaml');
    writeFileSync(big, `# ${'x'.repeat(1_100_000)}`);
    chmodSync(big, 0o644);
    expect(() => loadConfig({ env: { SIGNALBOX_CONFIG: big }, cwd: dir })).toThrow(/below 1 MB/);
  });

  it('resolves the data folder against the caller, not the file', () => {
    const dir = mkdtempSync(join(tmpdir(), 'sb-'));
    expect(loadConfig({ env: {}, cwd: dir }).dataDir).toBe(join(dir, 'data'));
  });

  it('has a JSON Schema for editors', () => {
    expect(Object.keys((configJsonSchema() as { properties: object }).properties)).toContain('gateways');
  });
});

describe('substitution', () => {
  it('turns $$ into a dollar and leaves other dollars alone', () => {
    expect(substitute({ a: 'pa$$word', b: '$5', c: 'x-${A}-y' }, { A: 'v' }).value).toEqual({
      a: 'pa$word',
      b: '$5',
      c: 'x-v-y',
    });
  });

  it('does not read a replaced value again', () => {
    expect(substitute('${A}', { A: '${B}', B: 'secret' }).value).toBe('${B}');
  });
});
