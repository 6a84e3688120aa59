import type { Exchange, Guard, GuardTable, Handler } from '#app/_edge/guard.ts';
import { Problem, type Reply } from '#app/_edge/reply.ts';
import type { DemoStatus } from './control-api.ts';
import { controlPage, mailboxPage } from './demo-pages.ts';

/** Routes that exist in the demo only: the control strip's buttons, and the mailbox. */
export function demoGuards(controlUrl: string): GuardTable {
  const line = (handle: Handler, bodyLimitBytes = 0): Guard => ({
    handle,
    access: 'public',
    query: {},
    bodyLimitBytes,
    accepts: ['application/x-www-form-urlencoded'],
    rate: 'none',
    isCors: false,
  });
  const read = async (): Promise<DemoStatus> => (await fetch(controlUrl)).json() as Promise<DemoStatus>;
  const order = (verb: 'strike' | 'mend' | 'story') =>
    line(async (exchange) => {
      refuseStrangers(exchange);
      const id = encodeURIComponent(exchange.parts.id ?? '');
      await fetch(`${controlUrl}/${verb}/${id}`, { method: 'POST' });
      return { status: 303, headers: { location: backFrom(exchange) }, body: null };
    }, 1_000);
  return {
    'GET /demo': line(async () => html(controlPage(await read()))),
    'GET /demo/mailbox': line(async () => html(mailboxPage(await read()))),
    'POST /demo/strike/{id}': order('strike'),
    'POST /demo/mend/{id}': order('mend'),
    'POST /demo/story/{id}': order('story'),
  };
}

/** Pages of ours send no referrer, and with it no origin; what a browser says of the site is enough here. */
function refuseStrangers({ req }: Exchange): void {
  const site = req.headers['sec-fetch-site'];
  const { origin } = req.headers;
  const isOwn =
    site === undefined
      ? origin === undefined || origin === `http://${req.headers.host}`
      : site === 'same-origin';
  if (!isOwn) throw new Problem('forbidden', 'this button belongs to the demo itself');
}

/** Back to the page the button was on, if it was one of ours. */
function backFrom({ req }: Exchange): string {
  const { referer } = req.headers;
  if (!referer || !URL.canParse(referer)) return '/demo';
  const url = new URL(referer);
  return url.host === req.headers.host ? url.pathname : '/demo';
}

function html(body: string): Reply {
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      refresh: '5',
      'referrer-policy': 'same-origin',
    },
    body,
  };
}
