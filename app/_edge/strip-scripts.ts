/**
 * Next's markup without Next's scripts. Pages without charts are plain documents; pages with charts keep their
 * scripts, the inline ones moved to a file, so that the policy can be `script-src 'self'` for all of them.
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

/** Moves what is inline into one text, to be served as a file at the end of the body, in the order it stood in. */
export function withMovedScripts(html: string, addressOf: (script: string) => string): string {
  const inline: string[] = [];
  const rest = html.replace(anyScript, (whole, attributes: string, content: string) => {
    if (sourceOf(attributes) !== null || isData(attributes)) return whole;
    inline.push(content);
    return '';
  });
  if (inline.length === 0) return rest;
  const tag = `<script src="${addressOf(`${inline.join(';\n')};\n`)}"></script>`;
  return rest.includes('</body>') ? rest.replace('</body>', `${tag}</body>`) : rest + tag;
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
