import { checkOrigin } from './access.ts';
import type { Exchange, Guard } from './guard.ts';
import { parseForm } from './parse-body.ts';
import type { Reply } from './reply.ts';

export const formLine = {
  query: {},
  bodyLimitBytes: 16_384,
  accepts: ['application/x-www-form-urlencoded'],
  rate: 'write',
  isCors: false,
} as const satisfies Omit<Guard, 'access'>;

/** A form's fields, once it is sure that one of our own pages has sent them. */
export function ownForm(x: Exchange): Record<string, string | string[]> {
  checkOrigin(x.req, x.edge);
  return parseForm(x.body);
}

/** One line of a form: trimmed, without control characters; null when empty. */
export function fieldOf(form: Record<string, string | string[]>, name: string, most = 200): string | null {
  const value = form[name];
  const text = (Array.isArray(value) ? value[0] : value)?.replace(/[\x00-\x1f\x7f]+/g, ' ').trim() ?? '';
  return text === '' ? null : text.slice(0, most);
}

/** After a form comes a page: a reload must not send it twice. */
export function goTo(location: string, headers: Record<string, string> = {}): Reply {
  return { status: 303, headers: { location, ...headers }, body: null };
}

/** Back to the page, saying whether it worked. */
export function goBack(path: string, problem: string | null): Reply {
  return goTo(
    `${path}?${new URLSearchParams(problem === null ? { done: '1' } : { error: problem.slice(0, 200) })}`,
  );
}
