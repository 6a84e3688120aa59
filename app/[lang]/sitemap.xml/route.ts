import { here } from '#app/_data/context.ts';
import { sitemapPaths } from '#app/_data/sitemap.ts';
import { localPath } from '#lib/words/path.ts';

export const dynamic = 'force-dynamic';

/** Every page with a meaning of its own, in both languages. */
export function GET(): Response {
  const ctx = here();
  const base = ctx.settings.url ?? 'http://localhost:3000';
  const entries = sitemapPaths(ctx)
    .map((path) => {
      const zh = `${base}${localPath('zh', path)}`;
      return `<url><loc>${escapeXml(base + path)}</loc><xhtml:link rel="alternate" hreflang="zh-Hans" href="${escapeXml(zh)}"/></url>`;
    })
    .join('\n');
  const open =
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">';
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${open}\n${entries}\n</urlset>\n`;
  return new Response(body, { headers: { 'content-type': 'application/xml; charset=utf-8' } });
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
