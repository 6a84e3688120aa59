import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildFleet } from '#lib/config/fleet.ts';
import { parseConfig } from '#lib/config/load.ts';
import type { Io } from './command.ts';
import { commands } from './commands.ts';
import { dispatch } from './main.ts';
import { blocks, blocksOf, howRun, inlineCode, readme, typedLines } from './readme-blocks.ts';

/** What the README tells people to type must work: every block of it is taken apart here. */

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

describe('every block', () => {
  it('is of a kind that some test executes', () => {
    const kinds = ['', 'haproxy', 'sh', 'ts', 'yaml', 'yml'];
    for (const { language, text } of blocksOf(readme)) expect(kinds, text).toContain(language);
    for (const kind of kinds) expect(blocks(kind), kind).not.toEqual([]);
  });

  it('to be typed is in the table of what is executed where, and nothing else is', () => {
    expect(typedLines().toSorted()).toEqual(Object.keys(howRun).toSorted());
  });

  it('that the suite executes is what the checks of every change begin with', () => {
    const checks = readFileSync('.ci/run', 'utf8');
    for (const line of Object.keys(howRun).filter((one) => howRun[one] === 'suite'))
      for (const command of line.split(' && ')) expect(checks).toMatch(new RegExp(`^${command}`, 'm'));
  });

  it('that draws the folders draws those that there are', () => {
    const drawn = blocks('').flatMap((text) =>
      [...text.matchAll(/(?:^| {2,})(\w+)\/ /gm)].map(([, name]) => name),
    );
    expect(drawn.length).toBeGreaterThan(6);
    for (const folder of drawn) expect(existsSync(folder as string), folder).toBe(true);
  });
});

describe('every command in a sentence', () => {
  const said = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].flatMap((file) =>
    inlineCode(readFileSync(file, 'utf8')).map((code) => [code, file] as const),
  );
  const npmLines = said.filter(([code]) => /^npm (?:run )?[a-z]/.test(code));

  it.each(npmLines)('npm knows "%s" (%s)', (line) => {
    for (const one of line.split(' && ')) {
      const [, verb = '', name = ''] = one.split(/\s+/);
      const isClient = line === 'npm run build';
      if (verb !== 'ci' && !isClient) expect(scripts).toHaveProperty(verb === 'run' ? [name] : [verb]);
    }
  });

  it('there are such', () => {
    expect(npmLines.length).toBeGreaterThan(5);
  });

  it.each(said.filter(([code]) => /^npx signalbox \w/.test(code)))(
    'signalbox knows "%s" (%s)',
    async (line) => {
      const [, , verb = '', ...args] = line.split(/\s+/);
      const io = desk();
      expect(await dispatch([verb, '--help'], io)).toBe(0);
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
