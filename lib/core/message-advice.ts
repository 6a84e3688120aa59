import { plainLine, sayList } from './message-text.ts';
import type { CoreEvent, Incident } from './plan.ts';
import { isStall } from './sentence-words.ts';

export interface Advice {
  advice: string | null;
  /** A line to paste, already valid JSON where it is JSON. */
  fix: string | null;
}

const none: Advice = { advice: null, fix: null };

/** What to do about it. Only what is true now: an end needs no advice. */
export function adviceOf(event: CoreEvent, incident: Incident | null): Advice {
  if (event.type === 'incident.resolved') return none;
  if (incident !== null) return incidentAdvice(incident);
  if (event.type === 'catalog.model_withdrawn' || event.type === 'catalog.model_expiring')
    return replacementAdvice(event);
  if (event.type === 'account.warning') return accountAdvice(event);
  if (event.type === 'chain.changed') return chainAdvice(event);
  return none;
}

function incidentAdvice(incident: Incident): Advice {
  const { kind, id } = incident.scope;
  const isSlow = incident.impact === 'degraded';
  switch (kind) {
    case 'provider':
      return routedBy(incident, id, isSlow ? 'Prefer other providers for now:' : 'Route around it:');
    case 'route': {
      const [, provider = ''] = id.split('/');
      return routedBy(incident, provider, 'Only this route fails; leave its provider out for this model:');
    }
    case 'model':
      return { advice: 'Another model must answer until it is back; put one behind it.', fix: null };
    case 'gateway':
      return gatewayAdvice(incident);
    case 'account':
      return { advice: `Check key, credit and limits of ${id}; nobody else is affected.`, fix: null };
    case 'prober':
      return {
        advice: isStall(incident)
          ? 'The machine that watches is too busy: give it more processor time, or watch less.'
          : 'Check the network of the machine that watches; nothing else is said until it is back.',
        fix: null,
      };
    default:
      return kind satisfies never;
  }
}

function routedBy(incident: Incident, provider: string, advice: string): Advice {
  const isThroughOpenRouter =
    incident.scope.via === 'openrouter' || incident.affected.some((one) => one.startsWith('openrouter/'));
  if (!isThroughOpenRouter || provider === '' || provider === 'any') return none;
  return { advice, fix: `"provider":${JSON.stringify({ ignore: [plainLine(provider)] })}` };
}

function gatewayAdvice(incident: Incident): Advice {
  const direct = incident.evidence.working.filter((one) => one.startsWith('direct'));
  if (direct.length === 0)
    return { advice: 'Retry with back-off; nothing we check gets through.', fix: null };
  return { advice: `Call providers directly where you can: ${sayList(direct)} work.`, fix: null };
}

function replacementAdvice(event: CoreEvent): Advice {
  const replacements = textsIn(event.data.replacements).map(plainLine);
  if (replacements.length === 0) return { advice: 'Choose another model.', fix: null };
  return {
    advice: `Replacements: ${sayList(replacements)}.`,
    fix: `"model":${JSON.stringify(replacements[0])}`,
  };
}

function accountAdvice(event: CoreEvent): Advice {
  if (event.data.what === 'budget')
    return { advice: 'Paid checks stop until the day ends; free checks go on.', fix: null };
  if (event.data.what === 'credit') {
    const isEmpty = event.data.hours === 0;
    return {
      advice: isEmpty ? 'Top up, or raise the limit of the key.' : 'Top up before it runs out.',
      fix: null,
    };
  }
  if (event.data.what === 'free_requests')
    return { advice: 'Paid checks with this key pause when none is left; free checks go on.', fix: null };
  if (event.data.what === 'key_expiry')
    return { advice: 'Make a new key and put it in the configuration in time.', fix: null };
  if (event.data.what === 'certificate')
    return { advice: 'Renew it and see that it is served: callers refuse an expired one.', fix: null };
  return { advice: 'Check the key and its limits.', fix: null };
}

function chainAdvice(event: CoreEvent): Advice {
  const usable = event.data.usable;
  if (usable === 0)
    return {
      advice: 'No step of this chain works: put one behind it that shares nothing with the others.',
      fix: null,
    };
  if (usable === 1)
    return {
      advice: 'The next failure ends it: add a step that shares nothing with the last one.',
      fix: null,
    };
  return none;
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string').slice(0, 10) : [];
}
