import type { DemoStatus } from './control-api.ts';
import type { Letter } from './mailbox.ts';

/** Two plain pages without a script. They belong to the demo, not to the product, and look like it. */

const style = `
:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:60rem;padding:1rem}
header{background:repeating-linear-gradient(45deg,#7a4b00,#7a4b00 12px,#5c3800 12px,#5c3800 24px);color:#fff;padding:.6rem 1rem;border-radius:6px}
header a{color:#fff}
table{border-collapse:collapse;width:100%;margin-top:1rem}
td,th{text-align:left;vertical-align:top;padding:.45rem .6rem;border-bottom:1px solid #8885}
button{font:inherit;padding:.3rem .8rem;white-space:nowrap}
form{display:inline}
pre{white-space:pre-wrap;max-height:14rem;overflow:auto;margin:.3rem 0}
small{opacity:.75}
.on{font-weight:600;color:#c0392b}`;

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

function page(title: string, main: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${style}</style></head><body>
<header><strong>DEMO.</strong> Everything here is simulated on this machine; nothing is measured and nothing is sent.
<a href="/">Status page</a> · <a href="/demo">Controls</a> · <a href="/demo/mailbox">Mailbox</a></header>
<main><h1>${title}</h1>${main}</main></body></html>`;
}

function button(action: string, label: string): string {
  return `<form method="post" action="${action}"><button>${escapeHtml(label)}</button></form>`;
}

export function controlPage(status: DemoStatus): string {
  const rows = status.faults.map((f) => {
    const isActive = status.active.includes(f.id);
    const action = isActive
      ? button(`/demo/mend/${f.id}`, 'Mend it')
      : button(`/demo/strike/${f.id}`, 'Break it');
    return `<tr><td>${action}</td><td class="${isActive ? 'on' : ''}">${escapeHtml(f.label)}</td>
<td>${escapeHtml(f.about)}<br><small>Cause to be shown: ${f.cause.kind} ${escapeHtml(f.cause.id)}</small></td></tr>`;
  });
  const story = status.isStoryTold
    ? `The story runs by itself: one fault after the other. ${button('/demo/story/off', 'Stop the story')}`
    : `The story is stopped. ${button('/demo/story/on', 'Let it run')}`;
  const log = status.log.slice(-12).reverse();
  const lines = log.map(
    (l) =>
      `<tr><td>${time(l.atMs)}</td><td>${l.what === 'strike' ? 'broken' : 'mended'}</td><td>${l.id}</td><td>${l.by}</td></tr>`,
  );
  return page(
    'Break something',
    `<p>${story}</p><table>${rows.join('')}</table><h2>What was done</h2><table>${lines.join('')}</table>`,
  );
}

export function mailboxPage(status: DemoStatus): string {
  if (status.letters.length === 0) return page('Mailbox', '<p>Nothing has been sent yet.</p>');
  return page(
    'Mailbox',
    `<table><tr><th>When</th><th>Channel</th><th>Message</th></tr>${status.letters.map(row).join('')}</table>`,
  );
}

function row(letter: Letter): string {
  return `<tr><td>${time(letter.atMs)}</td><td>${letter.channel}<br><small>${escapeHtml(letter.to)}</small></td>
<td>${escapeHtml(letter.subject)}<details><summary>whole message</summary><pre>${escapeHtml(letter.text)}</pre></details></td></tr>`;
}

function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)} UTC`;
}
