/**
 * Next's markup without Next's scripts. Pages without charts are plain documents; pages with charts begin as plain
 * ones and name their scripts, so that the policy can be `script-src 'self'` for all of them.
 */

const anyScript = /<script\b([^>]*)>([\s\S]*?)<\/script>/g;
const scriptPreload = /<link\b(?=[^>]*\brel="(?:preload|modulepreload)")(?=[^>]*\bas="script")[^>]*\/?>/g;

function sourceOf(attributes: string): string | null {
  return /\bsrc="([^"]*)"/.exec(attributes)?.[1] ?? null;
}

function isData(attributes: string): boolean {
  return /\btype="application\/(ld\+)?json"/.test(attributes);
}

/** Only scripts outside `/_next/` (ours) and blocks of plain data stay. */
export function withoutScripts(html: string): string {
  return html.replace(scriptPreload, '').replace(anyScript, (whole, attributes: string) => {
    const source = sourceOf(attributes);
    if (source !== null) return source.startsWith('/_next/') ? '' : whole;
    return isData(attributes) ? whole : '';
  });
}

/**
 * Takes Next's scripts out and names them on our own script's tag, for it to fetch when charts come into view: first
 * what was inline, moved in its order to one file, then the files.
 */
export function withLaterScripts(html: string, addressOf: (script: string) => string): string {
  const inline: string[] = [];
  const files: string[] = [];
  const rest = html
    .replace(scriptPreload, '')
    .replace(anyScript, (whole, attributes: string, content: string) => {
      const source = sourceOf(attributes);
      if (source === null && isData(attributes)) return whole;
      if (source === null) inline.push(content);
      else if (!source.startsWith('/_next/')) return whole;
      // For browsers that know no modules; our own script does not run there either.
      else if (!/\bnomodule\b/i.test(attributes)) files.push(source);
      return '';
    });
  if (files.length === 0) return rest;
  const later = [addressOf(`${inline.join(';\n')};\n`), ...new Set(files)].join(' ');
  return rest.replace('<script src="/live.js"', `<script src="/live.js" data-later="${later}"`);
}

const anyStylesheet = /<link\b(?=[^>]*\brel="stylesheet")[^>]*\bhref="(\/_next\/[^"]+\.css)"[^>]*>/g;

/**
 * One stylesheet in place of several: each is a round trip before anything is painted. The new address also stands
 * where Next's own data names the old ones, so that it does not ask for them again.
 */
export function withOneStylesheet(html: string, addressOf: (paths: string[]) => string | null): string {
  const paths = [...new Set([...html.matchAll(anyStylesheet)].map((m) => m[1] as string))];
  const address = paths.length > 1 ? addressOf(paths) : null;
  if (address === null) return html;
  let isThere = false;
  const joined = html.replace(anyStylesheet, (tag) => {
    if (isThere) return '';
    isThere = true;
    return tag;
  });
  return paths.reduce((text, path) => text.replaceAll(path, address), joined);
}
