import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSound } from '#lib/testing/after-fault.ts';
import {
  canaryKey,
  canaryText,
  firstTrace,
  keyPieces,
  liveMarkup,
  startCanaryProxy,
} from '#lib/testing/canary.ts';
import { type HostileReceiver, startHostileReceiver } from '#lib/testing/hostile-receiver.ts';
import { type PostOffice, startPostOffice } from '#lib/testing/post-office.ts';

import { dispatch } from '../signalbox/main.ts';
import { type Product, startProduct } from './product.ts';

/** The whole product against a far side that puts our own key and a script into everything it says. */

let product: Product;
let slack: HostileReceiver;
let hook: HostileReceiver;
let post: PostOffice;
let said = '';

const documents = [
  '/api/v1/health',
  '/api/v1/health?view=full',
  '/api/v1/targets',
  '/api/v1/incidents',
  '/api/v1/events',
  '/api/v1/catalog/events',
  '/api/v2/summary.json',
  '/api/v2/incidents.json',
  '/api/v2/components.json',
  '/status.json',
  '/status.txt',
  '/metrics',
  '/badge.svg',
  '/badge.json',
  '/feed.json',
  '/openapi.json',
  '/api/v1/export/litellm',
  '/api/v1/report',
];
const feeds = ['/feed.atom', '/feed.rss'];
const pages = [
  '/',
  '/zh',
  '/incidents',
  '/catalog',
  '/compare',
  '/sla',
  '/providers/deepinfra',
  '/gateways/openrouter',
  '/embed/status',
  '/explain?status=502&message=%3Cscript%3Ecanary(1)%3C%2Fscript%3E',
  '/not-here',
];
const read = async (path: string) => {
  const response = await fetch(product.url + path, { headers: { accept: 'text/html,*/*' } });
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  return { headers, body: await response.text(), type: response.headers.get('content-type') ?? '' };
};

beforeAll(async () => {
  [slack, hook, post] = await Promise.all([
    startHostileReceiver(),
    startHostileReceiver(),
    startPostOffice(),
  ]);
  const channels = [
    `{ type: slack, name: chat, webhook_url: "${slack.url}", on: [incident, circuit, catalog, account] }`,
    `{ type: webhook, name: hook, url: "${hook.url}", secret: "whsec_${Buffer.alloc(32, 1).toString('base64')}", on: [incident, circuit] }`,
    '{ type: email, name: mail, to: ops@example.com, on: [incident] }',
  ];
  const yaml = `channels:\n${channels.map((one) => `  - ${one}`).join('\n')}\nsmtp: { url: "${post.url}", from: status@example.com }`;
  product = await startProduct(yaml, {
    key: canaryKey,
    hear: (text) => {
      said += text;
    },
    upstream: async (sim) => {
      const [api, page] = [
        await startCanaryProxy(new URL(sim.baseUrl).origin),
        await startCanaryProxy(sim.statusUrl),
      ];
      return {
        baseUrl: `${api.url}/api/v1`,
        statusUrl: page.url,
        close: () => {
          api.close();
          page.close();
        },
      };
    },
  });
  const body = {
    error: { code: 502, message: canaryText, metadata: { provider_name: 'DeepInfra', raw: canaryText } },
  };
  product.sim.script({ provider: 'deepinfra', status: 502, body });
  for (let i = 0; i < 400 && (slack.got.length === 0 || post.got.length === 0 || hook.got.length === 0); i++)
    await new Promise((done) => setTimeout(done, 250));
}, 200_000);
afterAll(async () => {
  await product?.stop(expectSound);
  await Promise.all([slack?.close(), hook?.close(), post?.close()]);
});

// Seen red twice: a name of a status page's component and the names in the list of models kept our key.
describe('U9, U10: a far side that echoes our key and sends scripts', () => {
  it('U9: is shown as plain text on every page, and runs nowhere', async () => {
    let shown = 0;
    for (const path of pages) {
      const { body, headers } = await read(path);
      expect(liveMarkup(body), path).toEqual([]);
      expect(keyPieces(body + headers), path).toEqual([]);
      expect(headers, path).toContain("script-src 'self'");
      expect(body, path).not.toMatch(/[\u001b\u202e]/);
      if (body.includes('canary(')) shown += 1;
    }
    expect(shown).toBeGreaterThan(0);
  });

  it('U10: is in no document, no header and no figure with our key', async () => {
    for (const path of [...documents, ...feeds, '/maintenance.ics']) {
      const { body, headers, type } = await read(path);
      expect(keyPieces(body + headers), path).toEqual([]);
      if (type.includes('json')) expect(() => JSON.parse(body), path).not.toThrow();
      else expect(liveMarkup(body), path).toEqual([]);
    }
    const id = encodeURIComponent(
      (JSON.parse((await read('/api/v1/targets')).body) as { targets?: { id: string }[] }).targets?.[0]?.id ??
        '',
    );
    expect(keyPieces((await read(`/api/v1/observations?target=${id}&limit=100`)).body)).toEqual([]);
  });

  it('U9: is well-formed in what feed readers parse', async () => {
    for (const path of feeds) {
      const { body } = await read(path);
      expect(XMLValidator.validate(body), path).toBe(true);
      const texts = JSON.stringify(new XMLParser().parse(body));
      expect(texts, path).toContain('DeepInfra');
    }
  });

  it('U9: mentions nobody and links nowhere in messages, and our key is in none', () => {
    for (const { body } of slack.got) {
      expect(body).not.toContain('<!channel>');
      expect(liveMarkup(body)).toEqual([]);
    }
    for (const { raw, text, to } of post.got) {
      expect(to).toEqual(['ops@example.com']);
      expect(liveMarkup(text.slice(Math.max(0, text.indexOf('<!doctype'))))).toEqual([]);
      expect(keyPieces(raw + text)).toEqual([]);
    }
    expect(post.got.length).toBeGreaterThan(0);
    expect(keyPieces([...slack.got, ...hook.got].map((got) => got.body).join('\n'))).toEqual([]);
  });

  it('U10: is in no CSV and no line of what the command line exports, and no cell of it is a formula', async () => {
    const written = async (...args: string[]) => {
      const lines: string[] = [];
      const out = (text: string) => void lines.push(text);
      const env = { SIGNALBOX_CONFIG: join(dirname(product.dataDir), 'signalbox.yaml') };
      const io = {
        out,
        err: out,
        isTerminal: false,
        env,
        cwd: dirname(product.dataDir),
        root: process.cwd(),
      };
      const file = join(dirname(product.dataDir), 'exported');
      const isFile = args[0] === 'export';
      expect(await dispatch(isFile ? [...args, '--out', file] : args, io), args.join(' ')).toBe(0);
      return isFile ? readFileSync(file, 'utf8') : lines.join('\n');
    };
    for (const args of [
      ['export', '--format', 'csv'],
      ['export', '--format', 'ndjson'],
      ['export', '--what', 'incidents'],
      ['report', '--csv'],
    ]) {
      const text = await written(...args);
      expect(text.length, args.join(' ')).toBeGreaterThan(50);
      expect(keyPieces(text), args.join(' ')).toEqual([]);
      if (args.includes('csv') || args.includes('--csv'))
        expect(text, args.join(' ')).not.toMatch(/(?:^|,)"?[=+@\t]/m);
    }
  });

  it('U10: is in no line of the log and no byte of the data folder with our key', () => {
    expect(keyPieces(said)).toEqual([]);
    const files = readdirSync(product.dataDir, { recursive: true, withFileTypes: true });
    let bytes = 0;
    for (const file of files.filter((one) => one.isFile())) {
      const content = readFileSync(join(file.parentPath, file.name));
      bytes += content.length;
      expect(firstTrace(content.toString('latin1')), file.name).toBeNull();
      expect(firstTrace(content.toString('utf16le')), file.name).toBeNull();
    }
    expect(bytes).toBeGreaterThan(100_000);
  });
});
