import type { Edge } from './edge.ts';
import type { Reply } from './reply.ts';

/** A page for one person behind a link from a message: a heading, a few sentences, a button. Nobody keeps a copy. */
export interface SmallPage {
  title: string;
  lines: string[];
  /** What can be chosen, posted to the page's own address. */
  form?: SmallForm | undefined;
  /** A button that posts to the page's own address. */
  button?: { text: string; fields?: Record<string, string> } | undefined;
  links?: { text: string; href: string }[] | undefined;
  /** Shown once, to be copied. */
  code?: string[] | undefined;
}

export interface SmallForm {
  button: string;
  fields: SmallField[];
}

export type SmallField = { name: string; label: string } & (
  | { kind: 'lines'; value: string; hint: string }
  | { kind: 'one'; value: string; choices: readonly { value: string; text: string }[] }
  | { kind: 'many'; values: readonly string[]; choices: readonly { value: string; text: string }[] }
);

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

const look =
  'font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark';

const control = 'font:inherit;width:100%;box-sizing:border-box;padding:.3rem';

function fieldHtml(field: SmallField): string {
  const { label, name } = { label: escapeHtml(field.label), name: escapeHtml(field.name) };
  switch (field.kind) {
    case 'lines':
      return `<p><label>${label}<br><textarea name="${name}" rows="4" style="${control}">${escapeHtml(field.value)}</textarea></label><br><small>${escapeHtml(field.hint)}</small></p>`;
    case 'one': {
      const options = field.choices.map(
        ({ value, text }) =>
          `<option value="${escapeHtml(value)}"${value === field.value ? ' selected' : ''}>${escapeHtml(text)}</option>`,
      );
      return `<p><label>${label}<br><select name="${name}" style="${control}">${options.join('')}</select></label></p>`;
    }
    case 'many': {
      const boxes = field.choices.map(
        ({ value, text }) =>
          `<label style="display:block"><input type="checkbox" name="${name}" value="${escapeHtml(value)}"${field.values.includes(value) ? ' checked' : ''}> ${escapeHtml(text)}</label>`,
      );
      return `<fieldset><legend>${label}</legend>${boxes.join('')}</fieldset>`;
    }
    default:
      return field satisfies never;
  }
}

function formHtml(form: SmallForm): string {
  return `<form method="post">${form.fields.map(fieldHtml).join('')}<p><button style="font:inherit;padding:.5rem 1rem">${escapeHtml(form.button)}</button></p></form>`;
}

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
    `${page.lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('')}${page.form ? formHtml(page.form) : ''}${button}${code.join('')}${links.join('')}</main></body></html>`;
  return {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'private, no-store',
      ...edge.pageHeaders({ isPrivate: true }),
    },
    body: html,
  };
}
