import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

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

  it('the unit starts what exists', () => {
    expect(readFileSync('deploy/systemd/signalbox.service', 'utf8')).toContain('bin/start.mjs');
    expect(readdirSync('bin')).toContain('start.mjs');
  });
});
