import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Watched } from '#lib/core/fleet.ts';
import { failedLook, goodLook } from '#lib/testing/observations.ts';
import { type EdgeUnderTest, startEdge } from '#lib/testing/running-edge.ts';
import { selfSigned } from '#lib/testing/self-signed.ts';

/** What lies in deploy/ names things of this project: they must exist. */

const folder = 'deploy/prometheus';
let keeper: EdgeUnderTest;
let metrics: string;

beforeAll(async () => {
  keeper = await startEdge({ scene: 'partial' });
  const route = keeper.scene.facts.fleet.find(({ probe }) => probe === 'completion') as Watched;
  const atMs = keeper.nowMs() - 30_000;
  const plan = { components: [], routes: [], incidents: [], events: [], guard: null, asks: [] };
  const seen = [goodLook({ target: route.target }), failedLook(502, {}, { target: route.target })];
  for (const [i, observation] of seen.entries())
    keeper.store.looks.record([{ observation: { ...observation, atMs: atMs + i }, found: [] }], () => ({
      outcome: i === 0 ? 'ok' : 'http_5xx',
      plan,
    }));
  // One that begins with these looks in the store.
  const edge = await startEdge({ dataDir: keeper.dataDir });
  metrics = await (await fetch(`${edge.url}/metrics`)).text();
  await edge.stop();
});
afterAll(() => keeper?.stop());

/** Runs a tool where the machine has it; the name of the test says when it was skipped. */
const lacks = (tool: string, flag = '--version'): boolean => spawnSync(tool, [flag]).error !== undefined;
const run = (tool: string, args: string[], input?: string) => {
  const cwd = mkdtempSync(join(tmpdir(), 'signalbox-deploy-'));
  const env = { ...process.env, HOME: cwd, XDG_DATA_HOME: cwd, XDG_CONFIG_HOME: cwd };
  const done = spawnSync(tool, args, { encoding: 'utf8', env, ...(input === undefined ? {} : { input }) });
  rmSync(cwd, { recursive: true, force: true });
  return done;
};

describe('deploy', () => {
  it.each(readdirSync(folder))(
    '%s asks only for metrics and labels that the running server shows',
    (file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const shown = new Set([...metrics.matchAll(/^([a-z_]+)[ {]/gm)].map(([, name]) => name));
      const labels = new Set([...metrics.matchAll(/[{,]([a-z_]+)="/g)].map(([, name]) => name));
      const asked = new Set(text.match(/\b(?:signalbox|probe|gen_ai|error)_[a-z_]+\b/g) ?? []);
      for (const name of asked) expect(shown.has(name) || labels.has(name), name).toBe(true);
    },
  );

  it.each(['deploy/compose.yaml', 'deploy/prometheus/alerts.yaml', 'deploy/prometheus/scrape.yaml'])(
    '%s is YAML',
    (file) => {
      expect(parse(readFileSync(file, 'utf8'))).toBeTypeOf('object');
    },
  );

  it.skipIf(lacks('nginx', '-v'))('the nginx snippet is taken by nginx itself', () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-nginx-'));
    const { key, cert } = selfSigned(2);
    writeFileSync(join(folder, 'own.key'), key);
    writeFileSync(join(folder, 'own.pem'), cert);
    const snippet = readFileSync('deploy/proxy/nginx.conf', 'utf8')
      .replaceAll('/etc/ssl/status.example.com', join(folder, 'own'))
      .replaceAll('/var/cache/nginx', folder)
      .replace('listen 443', 'listen 127.0.0.1:8443');
    writeFileSync(
      join(folder, 'nginx.conf'),
      `pid ${folder}/pid;\nevents {}\nhttp {\naccess_log off;\n${snippet}\n}\n`,
    );
    const checked = spawnSync(
      'nginx',
      ['-t', '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')],
      {
        encoding: 'utf8',
      },
    );
    rmSync(folder, { recursive: true, force: true });
    expect(checked.status, checked.stderr).toBe(0);
  });

  it.skipIf(lacks('caddy', 'version'))('the Caddy snippet is taken by Caddy itself', () => {
    const args = ['--adapter', 'caddyfile', '--config', resolve('deploy/proxy/Caddyfile')];
    const checked = run('caddy', ['validate', ...args]);
    expect(checked.status, checked.stderr).toBe(0);
  });

  it.skipIf(lacks('promtool')).each([
    ['rules', 'alerts.yaml'],
    ['config', 'scrape.yaml'],
  ])('promtool finds no fault in the %s', (kind, file) => {
    const checked = run('promtool', ['check', kind, resolve(folder, file)]);
    expect(checked.status, checked.stderr).toBe(0);
  });

  it.skipIf(lacks('promtool'))('promtool finds no fault in what is scraped', () => {
    const checked = run('promtool', ['check', 'metrics'], metrics);
    // Its taste in names is not ours; what cannot be read at all is status 1.
    expect(checked.status, checked.stderr).not.toBe(1);
  });

  const ill: Record<string, [series: string, values: string]> = {
    SignalboxWorkerSilent: ['signalbox_worker_beat_age_seconds', '100x40'],
    SignalboxBlind: ['signalbox_self_blind', '1x40'],
    SignalboxMessagesGivenUp: ['signalbox_deliveries_dead', '0+1x40'],
    SignalboxMessagesWait: ['signalbox_deliveries_due', '200x40'],
  };
  const rules = (parse(readFileSync(join(folder, 'alerts.yaml'), 'utf8')) as AlertFile).groups.flatMap(
    (group) => group.rules,
  );

  it('every alert is one whose firing is tested', () => {
    expect(rules.map(({ alert }) => alert)).toEqual(Object.keys(ill));
  });

  it.skipIf(lacks('promtool')).each(rules)(
    '$alert fires when it should and is silent when all is well',
    (rule) => {
      const cwd = mkdtempSync(join(tmpdir(), 'signalbox-rules-'));
      const [series, values] = ill[rule.alert] as [string, string];
      const fired = { exp_labels: rule.labels, exp_annotations: rule.annotations };
      const at = (input: string, alerts: unknown[]) => ({
        interval: '1m',
        input_series: [
          { series: 'signalbox_worker_beat_age_seconds', values: '3x40' },
          { series, values: input },
        ].slice(series === 'signalbox_worker_beat_age_seconds' ? 1 : 0),
        alert_rule_test: [{ eval_time: '30m', alertname: rule.alert, exp_alerts: alerts }],
      });
      const tests = [at(values, [fired]), at('0x40', [])];
      const file = join(cwd, 'test.yaml');
      writeFileSync(
        file,
        stringify({ rule_files: [resolve(folder, 'alerts.yaml')], evaluation_interval: '1m', tests }),
      );
      const checked = run('promtool', ['test', 'rules', file]);
      rmSync(cwd, { recursive: true });
      expect(checked.status, checked.stdout + checked.stderr).toBe(0);
    },
  );

  it('the Grafana dashboard is a document of panels, each with a question', () => {
    const { panels, title } = JSON.parse(readFileSync(join(folder, 'grafana.json'), 'utf8')) as {
      title: string;
      panels: { type: string; targets?: { expr: string }[] }[];
    };
    expect(title).toMatch(/Signalbox/);
    const asking = panels.filter(({ type }) => type !== 'row' && type !== 'text');
    expect(asking.length).toBeGreaterThan(5);
    for (const { targets } of asking) expect(targets?.every(({ expr }) => expr.length > 0)).toBe(true);
  });

  // Seen red with npm's own omission, which left out zod, yaml and nodemailer.
  it('the bill of materials names what is shipped, and nothing that only tests need', () => {
    const made = spawnSync('npm', ['run', '--silent', 'sbom'], { encoding: 'utf8', maxBuffer: 64 << 20 });
    const { bomFormat, components } = JSON.parse(made.stdout) as {
      bomFormat: string;
      components: { name: string; version: string }[];
    };
    expect(bomFormat).toBe('CycloneDX');
    const names = components.map(({ name }) => name);
    const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >;
    expect(Object.keys(dependencies).filter((name) => !names.includes(name))).toEqual([]);
    expect(names).not.toContain('vitest');
    expect(Object.keys(devDependencies)).toContain('vitest');
  });

  const unit = 'deploy/systemd/signalbox.service';

  it('the unit starts what exists, and its own words end it for good', () => {
    expect(readFileSync(unit, 'utf8')).toContain('bin/start.mjs');
    expect(readdirSync('bin')).toContain('start.mjs');
    expect(readFileSync(unit, 'utf8')).toMatch(/^RestartPreventExitStatus=78$/m);
  });

  // Seen red with a misspelt setting, and with the filter of system calls taken away.
  it.skipIf(!canAnalyze())('systemd knows every line of the unit and finds it well closed', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'signalbox-unit-'));
    const file = join(scratch, 'signalbox.service');
    // What stands there on a machine that has it installed.
    const text = readFileSync(unit, 'utf8')
      .replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`)
      .replace(/^User=.*/m, 'User=daemon');
    writeFileSync(file, text);
    const verified = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    const about = verified.stderr.split('\n').filter((line) => line.includes('signalbox.service'));
    expect(about).toEqual([]);
    const args = ['security', '--offline=true', '--no-pager', '--threshold=20', file];
    const judged = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
    expect(judged.status, judged.stdout.trim().split('\n').at(-1)).toBe(0);
    rmSync(scratch, { recursive: true, force: true });
  });
});

function canAnalyze(): boolean {
  const { error, stdout } = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' });
  return !error && Number(/^systemd (\d+)/.exec(stdout)?.[1] ?? 0) >= 250;
}

interface AlertFile {
  groups: { rules: { alert: string; labels: object; annotations: object }[] }[];
}
