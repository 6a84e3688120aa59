import { openSigner } from '../signing.ts';
import { parseStep } from './fleet-parts.ts';
import { presetOf, presets } from './presets.ts';
import type { ConfigFlaw } from './problem.ts';
import type { Config } from './schema.ts';

/** What no single value shows: settings that name nothing, say the same twice, or leave out what they need. */
export function senseFlaws(config: Config): ConfigFlaw[] {
  return [
    ...twice('http', config.http.map(nameOf)),
    ...twice('heartbeats', config.heartbeats.map(nameOf)),
    ...twice('controls', config.controls.map(nameOf)),
    ...twice('accounts', config.accounts.map(nameOf)),
    ...twice(
      'vantages',
      config.vantages.map(({ id }) => id),
    ),
    ...Object.entries(config.gateways).flatMap(gatewayFlaws),
    ...Object.entries(config.providers).flatMap(providerFlaws),
    ...Object.entries(config.chains).flatMap(([id, steps]) =>
      steps.flatMap((step, i) => stepFlaws(config, `chains.${id}[${i}]`, step)),
    ),
    ...config.maintenance.flatMap(maintenanceFlaws),
    ...config.rules.flatMap(ruleFlaws),
    ...signingFlaws(config.feed.signing_key),
  ];
}

function flaw(path: string, value: unknown, expected: string): ConfigFlaw {
  return { path, line: null, column: null, value, expected };
}

function nameOf(one: { name: string }): string {
  return one.name;
}

function twice(path: string, names: string[]): ConfigFlaw[] {
  return names.flatMap((name, i) =>
    names.indexOf(name) < i ? [flaw(`${path}[${i}]`, name, 'a name that no other of them has')] : [],
  );
}

function gatewayFlaws([id, gateway]: [string, Config['gateways'][string]]): ConfigFlaw[] {
  const path = `gateways.${id}`;
  const own =
    gateway.base_url || presetOf(id)?.baseUrl
      ? []
      : [flaw(`${path}.base_url`, undefined, 'its address, as for every gateway we do not know')];
  return [...own, ...dialectFlaws(path, gateway.dialect)];
}

function providerFlaws([id, provider]: [string, Config['providers'][string]]): ConfigFlaw[] {
  const path = `providers.${id}`;
  const flaws = dialectFlaws(path, provider.dialect);
  const isOnlyRead = provider.status_page && !provider.base_url && !provider.model;
  if (presetOf(id) || isOnlyRead) return flaws;
  const needed = 'as for every provider we do not know';
  if (!provider.base_url) flaws.push(flaw(`${path}.base_url`, undefined, `its address, ${needed}`));
  if (!provider.model) flaws.push(flaw(`${path}.model`, undefined, `the model to ask, ${needed}`));
  return flaws;
}

/** A dialect is known by the presets that speak it. */
function dialectFlaws(path: string, dialect: string | undefined): ConfigFlaw[] {
  const known = [...new Set(presets.map((preset) => preset.dialect))].sort();
  if (dialect === undefined || known.includes(dialect)) return [];
  return [flaw(`${path}.dialect`, dialect, `one of ${known.join(', ')}`)];
}

function stepFlaws(config: Config, path: string, step: string): ConfigFlaw[] {
  const target = parseStep(step);
  if (!target) return [flaw(path, step, 'a route: gateway/provider/model, or direct/provider/model')];
  const { gateway, provider } = target;
  const isKnown =
    gateway === 'direct'
      ? provider !== 'any' && (provider ?? '') !== '' && isProvider(config, provider ?? '')
      : gateway !== null &&
        (Object.hasOwn(config.gateways, gateway) || presetOf(gateway)?.kind === 'gateway');
  if (isKnown) return [];
  return [flaw(path, step, gateway === 'direct' ? 'a provider of this file' : 'a gateway of this file')];
}

function isProvider(config: Config, id: string): boolean {
  return Object.hasOwn(config.providers, id) || presetOf(id) !== null;
}

function maintenanceFlaws(one: Config['maintenance'][number], i: number): ConfigFlaw[] {
  const path = `maintenance[${i}]`;
  if (one.cron !== undefined)
    return one.from === undefined && one.to === undefined
      ? []
      : [flaw(path, one.title, 'either cron and lasts, or from and to')];
  if (one.from === undefined) return [flaw(`${path}.from`, undefined, 'when it begins, or cron')];
  if (one.to !== undefined && Date.parse(one.to) <= Date.parse(one.from))
    return [flaw(`${path}.to`, one.to, `an instant after ${one.from}`)];
  return [];
}

/** A rule without its line would never speak. */
function ruleFlaws(rule: Config['rules'][number], i: number): ConfigFlaw[] {
  if (rule.when === 'slo_burn') return [];
  const needed = rule.when === 'credit_hours' ? 'below' : 'above';
  if (rule[needed] !== undefined) return [];
  return [flaw(`rules[${i}].${needed}`, undefined, `a number, the line that ${rule.when} is held against`)];
}

function signingFlaws(key: string | null): ConfigFlaw[] {
  if (key === null) return [];
  try {
    openSigner(key);
    return [];
  } catch {
    return [flaw('feed.signing_key', key, 'an Ed25519 key as PEM, or whsk_ and 32 bytes in base64')];
  }
}
