import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildFleet } from '#lib/config/fleet.ts';
import { parseConfig } from '#lib/config/load.ts';
import type { Io } from './command.ts';
import { commands } from './commands.ts';
import { dispatch } from './main.ts';

/** What the README tells people to type must work: every block of it is taken apart here. */

const readme = readFileSync('README.md', 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1] as string,
  );
const scripts = (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> })
  .scripts;

function desk(): Io & { said: string[] } {
  const said: string[] = [];
  const out = (text: string) => void said.push(text);
  return { said, out, err: out, isTerminal: false, env: {}, cwd: '/nonexistent', root: process.cwd() };
}

describe('every configuration block', () => {
  const env = {
    OPENROUTER_API_KEY: 'sk-or-v1-readme',
    ANTHROPIC_API_KEY: 'sk-ant-readme',
    LITELLM_KEY: 'k',
    SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/x',
    SMTP_URL: 'smtps://u:p@mail.example.com',
  };

  it.each(blocks('yaml').map((text) => [text]))('is accepted: %s', (text) => {
    const { config } = parseConfig(text, env, 'README.md');
    expect(buildFleet({ config, env }, {}, {}, 0).remarks).toEqual([]);
  });

  it('exists at all', () => {
    expect(blocks('yaml').length).toBeGreaterThan(0);
  });
});

describe('every command', () => {
  const lines = blocks('sh')
    .flatMap((text) => text.split('\n'))
    .flatMap((line) => line.split('&&'))
    .map((line) => line.trim().replace(/^(?:[A-Z_]+=\S+\s+)+/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));

  it.each(lines.filter((line) => line.startsWith('npm ')).map((line) => [line]))('npm knows "%s"', (line) => {
    const [, verb, name] = line.split(/\s+/);
    if (verb === 'ci') return;
    expect(scripts).toHaveProperty(verb === 'run' ? (name as string) : (verb as string));
  });

  it.each(lines.filter((line) => line.startsWith('npx signalbox')).map((line) => [line]))(
    'signalbox knows "%s"',
    async (line) => {
      const [, , verb, ...args] = line.split(/\s+/);
      const io = desk();
      expect(await dispatch([verb as string, '--help'], io)).toBe(0);
      for (const option of args.filter((word) => word.startsWith('--')))
        expect(io.said.join('\n')).toContain(option);
    },
  );
});

describe('the command line', () => {
  it.each(Object.keys(commands))(
    '%s explains itself with usage, and names every option in its help',
    async (verb) => {
      const io = desk();
      expect(await dispatch(['help', verb], io)).toBe(0);
      const text = io.said.join('\n');
      expect(text).toContain(`npx signalbox ${verb}`);
      const command = await commands[verb as keyof typeof commands]();
      for (const option of command.options) expect(text).toContain(option);
      expect(readme).toContain(`\`${verb}`);
    },
  );

  it('answers an unknown command and an unknown option with one sentence and status 2', async () => {
    const io = desk();
    expect(await dispatch(['frobnicate'], io)).toBe(2);
    expect(await dispatch(['validate', '--frobnicate'], io)).toBe(2);
    expect(io.said.join('\n')).not.toMatch(/\n\s+at /);
  });

  it('says where a picture of the page is, and the picture is there', () => {
    const picture = /!\[[^\]]*\]\(([^)]+)\)/.exec(readme)?.[1] as string;
    expect(existsSync(picture)).toBe(true);
  });
});
