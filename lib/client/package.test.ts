import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The package as somebody gets it who has nothing of ours: packed, unpacked, imported and type-checked in a plain project. */

const here = fileURLToPath(new URL('.', import.meta.url));
const bin = fileURLToPath(new URL('../../node_modules/.bin/', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'signalbox-client-'));
const run = (file: string, args: string[], cwd = project) =>
  execFileSync(file, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

beforeAll(() => {
  // Said in so many words: this project lets no package run scripts by itself, its own neither.
  run('npm', ['run', '--silent', 'build'], here);
  run('npm', ['pack', '--silent', '--pack-destination', project], here);
  const [packed] = readdirSync(project).filter((name) => name.endsWith('.tgz'));
  const target = join(project, 'node_modules', 'signalbox-client');
  mkdirSync(target, { recursive: true });
  run('tar', ['xzf', packed ?? '', '-C', target, '--strip-components', '1']);
  writeFileSync(join(project, 'package.json'), '{"type":"module","private":true}');
}, 60_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

test('it is imported by its name and works with nobody to follow', () => {
  const text = `
    import { SignalboxClient } from 'signalbox-client';
    import { routed } from 'signalbox-client/ai';
    const feed = new SignalboxClient({ url: 'http://127.0.0.1:9' });
    const answer = await feed.call(['a', 'b'], async (id) => id);
    console.log(typeof routed, feed.freshness(), ['a', 'b'].includes(answer));`;
  writeFileSync(join(project, 'use.js'), text);
  expect(run(process.execPath, ['use.js']).trim()).toBe('function none true');
});

test.each([
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
])(
  'its types are known to a project of modules %s, resolved as %s',
  (module, resolution) => {
    const text = `
    import { SignalboxClient, type Freshness } from 'signalbox-client';
    import { routed } from 'signalbox-client/ai';
    const feed: SignalboxClient = new SignalboxClient({ url: 'x' });
    export const freshness: Freshness = feed.freshness();
    export const said: string = await feed.call('chat', async (id, { number }) => id + number);
    export const model: { name: string } = routed(feed, { a: { name: 'm' } });
    // @ts-expect-error what is no list of ids is refused
    feed.order(5);`;
    writeFileSync(join(project, 'use.ts'), text);
    const options = ['--strict', '--target', 'es2022', '--module', module, '--moduleResolution', resolution];
    run(join(bin, 'tsc'), ['--noEmit', ...options, 'use.ts']);
  },
  30_000,
);
