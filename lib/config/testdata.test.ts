import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from './flaws.ts';
import { parseConfig } from './load.ts';
import { ConfigProblem } from './problem.ts';

const folder = new URL('./testdata/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const invalid = readdirSync(folder).filter((name) => name.startsWith('invalid-'));

function problemOf(name: string): ConfigProblem {
  try {
    parseConfig(read(name), {}, name);
  } catch (problem) {
    if (problem instanceof ConfigProblem) return problem;
    throw problem;
  }
  throw new Error(`${name} was accepted`);
}

describe('a file that is wrong', () => {
  it.each(invalid)('%s is refused in one sentence, at the place its first line names', (name) => {
    const [, place, expected] = /^# expect (\S+) (.+)$/m.exec(read(name)) ?? [];
    const problem = problemOf(name);
    expect(problem.flaws).toHaveLength(1);
    expect(problem.message).toContain(expected);
    expect(problem.message.startsWith(place === '-' ? `${name}: ` : `${name}:${place}: `)).toBe(true);
  });
});

describe('a file that says everything', () => {
  const env = {
    OPENROUTER_API_KEY: 'sk-or-v1-mine',
    ANTHROPIC_API_KEY: 'sk-ant-mine',
    LITELLM_KEY: 'mine',
    SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/a/b/c',
    SMTP_URL: 'smtp://127.0.0.1:25',
  };

  it('may name variables without quotes, between braces too', () => {
    const { config, fromEnv } = parseConfig(read('everything.yaml'), env, 'everything.yaml');
    expect(config.providers['my-litellm']?.key).toBe('mine');
    expect(config.channels[0]).toMatchObject({ webhook_url: env.SLACK_WEBHOOK_URL });
    expect(fromEnv.get('providers.anthropic.key')).toBe('ANTHROPIC_API_KEY');
  });

  it('keeps a doubled dollar between braces a dollar', () => {
    const text = 'page: { title: a $${NOT_THIS} b }';
    expect(parseConfig(text, { NOT_THIS: 'no' }, null).config.page.title).toBe('a ${NOT_THIS} b');
  });
});

// Made by `npx signalbox validate --schema > deploy/signalbox.schema.json`.
it('the schema that editors read is the one that refuses', () => {
  const shipped = readFileSync(new URL('../../deploy/signalbox.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(shipped)).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});
