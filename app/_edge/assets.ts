import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { Prepared } from './prepared.ts';

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};
const forEver = 'public, max-age=31536000, immutable';
const mostMade = 1_000;
/** The one file that other sites load. */
const widget = '/widget.js';

/** Files the pages need, read once into memory: what the build made, our own script, and what was made of them for pages. */
export class Assets {
  #files = new Map<string, Prepared>();
  #made = new Map<string, Prepared>();

  /** Everything under `folder`, at addresses that begin with `prefix`. A folder that is not there holds nothing. */
  addFolder(folder: string, prefix: string, isHashed: boolean): void {
    for (const path of filesUnder(folder)) {
      const name = relative(folder, path).split(sep).join('/');
      this.add(`${prefix}/${name}`, readFileSync(path), isHashed ? forEver : 'public, max-age=300');
    }
  }

  addFile(address: string, path: string): void {
    if (statSync(path, { throwIfNoEntry: false })?.isFile())
      this.add(address, readFileSync(path), 'public, max-age=300');
  }

  add(address: string, bytes: Buffer, caching: string): void {
    const type = types[extname(address)];
    if (type) this.#files.set(address, preparedFile(bytes, type, caching, address === widget));
  }

  get(address: string): Prepared | null {
    return this.#files.get(address) ?? this.#made.get(address) ?? this.#joined(address);
  }

  /** Keeps an inline script under an address made of its content. */
  keepScript(script: string): string {
    const address = `/_f/${createHash('sha256').update(script).digest('hex').slice(0, 24)}.js`;
    const known = this.#made.get(address);
    this.#keep(address, known ?? preparedFile(Buffer.from(script), types['.js'] as string, forEver));
    return address;
  }

  /** Several stylesheets as one, in their order; null where one of them is not ours. */
  joinStyles(paths: string[]): string | null {
    const names = paths.map((path) => /^\/_next\/static\/chunks\/([\w-]+)\.css$/.exec(path)?.[1]);
    const address = `/_f/${names.join('.')}.css`;
    if (this.#made.has(address)) return address;
    const joined = names.includes(undefined) ? null : this.#joined(address);
    if (joined) this.#keep(address, joined);
    return joined ? address : null;
  }

  /** The address names its parts: a page kept from before a restart finds its styles again. */
  #joined(address: string): Prepared | null {
    const names = /^\/_f\/([\w.-]{1,300})\.css$/.exec(address)?.[1]?.split('.') ?? [];
    const parts = [...new Set(names)].map((name) => this.#files.get(`/_next/static/chunks/${name}.css`));
    if (parts.length === 0 || parts.includes(undefined)) return null;
    const text = parts.map((part) => part?.body.toString()).join('\n');
    return preparedFile(Buffer.from(text), types['.css'] as string, forEver);
  }

  #keep(address: string, file: Prepared): void {
    this.#made.delete(address);
    this.#made.set(address, file);
    if (this.#made.size > mostMade) this.#made.delete(this.#made.keys().next().value as string);
  }
}

function preparedFile(bytes: Buffer, type: string, caching: string, isForOthers = false): Prepared {
  return new Prepared(bytes, {
    etag: `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 16)}"`,
    headers: {
      'Content-Type': type,
      'Cache-Control': caching,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': isForOthers ? 'cross-origin' : 'same-origin',
    },
    isFresh: () => true,
  });
}

function filesUnder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isFile());
  } catch {
    return [];
  }
}
