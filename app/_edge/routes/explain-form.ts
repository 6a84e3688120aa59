import { explainError } from '#lib/ops/explain-error.ts';
import { fieldOf, goTo, ownForm } from '../form.ts';
import type { Handler } from '../guard.ts';

/**
 * What is pasted must not end in an address, a history or a log: it is read here, and only the row it fits, its status
 * and the provider it names travel on.
 */
export const explainForm: Handler = (x) => {
  const form = ownForm(x);
  const status = Number(fieldOf(form, 'status', 3) ?? Number.NaN);
  const pasted = form.message;
  const explained = explainError({
    status: Number.isInteger(status) && status >= 100 && status <= 599 ? status : null,
    body: (Array.isArray(pasted) ? pasted[0] : pasted) ?? '',
    gateway: fieldOf(form, 'gateway') === 'direct' ? 'direct' : 'openrouter',
  });
  x.edge.pasted.count(explained.class, x.nowMs);
  const answer = new URLSearchParams({ answer: explained.rule });
  if (explained.read.status !== null) answer.set('status', String(explained.read.status));
  if (explained.named) answer.set('provider', explained.named.slice(0, 64));
  const path = fieldOf(form, 'lang') === 'zh' ? '/zh/explain' : '/explain';
  return goTo(`${path}?${answer}#answer`);
};
