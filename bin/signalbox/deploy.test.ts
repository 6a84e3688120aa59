import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { selfSigned } from '#lib/testing/self-signed.ts';

/** What lies in deploy/ names things of this project: they must exist. */

const source = readFileSync('app/_edge/routes/metrics.ts', 'utf8');
const folder = 'deploy/prometheus';

describe('deploy', () => {
  it.each(readdirSync(folder))('%s asks only for metrics that the server has', (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const names = new Set(text.match(/\b(?:signalbox|probe|gen_ai)_[a-z_]+\b/g) ?? []);
    for (const label of ['gen_ai_provider_name', 'gen_ai_request_model']) names.delete(label);
    for (const name of names) expect(source, name).toContain(name.replace(/^signalbox_worker_(?!beat)/, ''));
  });

  it.each(['deploy/compose.yaml', 'deploy/prometheus/alerts.yaml', 'deploy/prometheus/scrape.yaml'])(
    '%s is YAML',
    (file) => {
      expect(parse(readFileSync(file, 'utf8'))).toBeTypeOf('object');
    },
  );

  it('the Kubernetes manifest runs as nobody with a read-only root', () => {
    const documents = parseAllDocuments(readFileSync('deploy/kubernetes/signalbox.yaml', 'utf8')).map((one) =>
      one.toJS(),
    );
    const pod = documents.find(({ kind }) => kind === 'Deployment').spec.template.spec;
    expect(pod.securityContext.runAsNonRoot).toBe(true);
    expect(pod.containers[0].securityContext.readOnlyRootFilesystem).toBe(true);
  });

  it('the container runs as nobody and needs no install script', () => {
    const text = readFileSync('deploy/Dockerfile', 'utf8');
    expect(text).toMatch(/USER 65534/);
    expect(text).toContain('npm ci --omit=dev --ignore-scripts');
  });

  it.skipIf(spawnSync('nginx', ['-v']).error)('the nginx snippet is taken by nginx itself', () => {
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

  it.skipIf(spawnSync('promtool', ['--version']).error).each([
    ['rules', 'alerts.yaml'],
    ['config', 'scrape.yaml'],
  ])('promtool finds no fault in the %s', (kind, file) => {
    const checked = spawnSync('promtool', ['check', kind, join(folder, file)], { encoding: 'utf8' });
    expect(checked.status, checked.stderr).toBe(0);
  });

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

  const unit = 'deploy/systemd/signalbox.service';

  it('the unit starts what exists', () => {
    expect(readFileSync(unit, 'utf8')).toContain('bin/start.mjs');
    expect(readdirSync('bin')).toContain('start.mjs');
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
