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
