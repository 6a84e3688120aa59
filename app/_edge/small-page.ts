import type { Edge } from './edge.ts';
import type { Reply } from './reply.ts';

/** A page for one person behind a link from a message: a heading, a few sentences, a button. Nobody keeps a copy. */
export interface SmallPage {
  title: string;
  lines: string[];
  /** A button that posts to the page's own address. */
  button?: { text: string; fields?: Record<string, string> } | undefined;
  links?: { text: string; href: string }[] | undefined;
  /** Shown once, to be copied. */
  code?: string[] | undefined;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

const look =
  'font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark';

export function smallPage(edge: Edge, page: SmallPage, status = 200): Reply {
  const fields = Object.entries(page.button?.fields ?? {}).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  const button = page.button
    ? `<form method="post">${fields.join('')}<button style="font:inherit;padding:.5rem 1rem">${escapeHtml(page.button.text)}</button></form>`
    : '';
  const links = [...(page.links ?? []), { text: edge.settings.title, href: '/' }].map(
    ({ text, href }) => `<p><a href="${escapeHtml(href)}">${escapeHtml(text)}</a></p>`,
  );
  const code = (page.code ?? []).map((text) => `<pre style="overflow:auto">${escapeHtml(text)}</pre>`);
  const html =
    `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
    `<meta name="robots" content="noindex"><title>${escapeHtml(page.title)}</title></head><body style="${look}"><main><h1>${escapeHtml(page.title)}</h1>` +
    `${page.lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('')}${code.join('')}${button}${links.join('')}</main></body></html>`;
  return {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'private, no-store',
      ...edge.pageHeaders({}),
    },
    body: html,
  };
}
