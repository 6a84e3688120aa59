import type { Message, Tone } from '../core/message.ts';
import { plainText } from './plain-text.ts';

const colours: Record<Tone, string> = {
  bad: '#b3261e',
  warning: '#8a5a00',
  good: '#1a6b3c',
  info: '#1f4e8c',
  test: '#555555',
};

export function htmlEscape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** The same message twice: for programs that show text, and for those that show HTML. */
export function mailBody(message: Message): { text: string; html: string } {
  return { text: `${plainText(message)}\n`, html: htmlBody(message) };
}

function htmlBody(message: Message): string {
  const paragraph = (text: string | null) => (text ? `<p>${htmlEscape(text)}</p>` : '');
  const boxed = (text: string | null) =>
    text
      ? `<pre style="white-space:pre-wrap;background:#f4f4f4;padding:8px;font-size:13px">${htmlEscape(text)}</pre>`
      : '';
  const items = message.items.map((item) => `<li>${htmlEscape(item)}</li>`).join('');
  const facts = message.facts
    .map(
      (fact) =>
        `<tr><th align="left" valign="top" style="padding:2px 12px 2px 0;font-weight:600;white-space:nowrap">${htmlEscape(fact.label)}</th><td style="padding:2px 0">${htmlEscape(fact.text)}</td></tr>`,
    )
    .join('');
  const links = message.links
    .map((link) => `<a href="${htmlEscape(link.url)}" rel="nofollow noopener">${htmlEscape(link.text)}</a>`)
    .join(' &middot; ');
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"></head>',
    '<body style="font:15px/1.5 system-ui,sans-serif;color:#1b1b1b;max-width:640px">',
    `<h1 style="font-size:18px;color:${colours[message.tone]}">${htmlEscape(message.headline)}</h1>`,
    paragraph(message.sentence),
    items ? `<ul>${items}</ul>` : '',
    facts ? `<table cellpadding="0" cellspacing="0">${facts}</table>` : '',
    boxed(message.quote),
    paragraph(message.advice),
    boxed(message.fix),
    links ? `<p>${links}</p>` : '',
    '</body></html>\n',
  ].join('');
}
