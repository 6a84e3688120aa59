import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configJsonSchema } from '#lib/config/flaws.ts';
import { buildFleet } from '#lib/config/fleet.ts';
import { parseConfig } from '#lib/config/load.ts';

const text = readFileSync('deploy/signalbox.example.yaml', 'utf8');

/** Every name of a setting, however deep; what a user names himself (`additionalProperties`) is passed through. */
function settingsIn(schema: unknown): string[] {
  if (schema === null || typeof schema !== 'object') return [];
  if (Array.isArray(schema)) return schema.flatMap(settingsIn);
  const { properties = {}, ...rest } = schema as { properties?: Record<string, unknown> };
  return [
    ...Object.keys(properties),
    ...Object.values(properties).flatMap(settingsIn),
    ...settingsIn(Object.values(rest)),
  ];
}

it('the example names every setting there is', () => {
  const settings = [...new Set(settingsIn(configJsonSchema()))];
  expect(settings.length).toBeGreaterThan(80);
  expect(settings.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
});

it('the example is accepted as it stands', () => {
  const names = [...text.matchAll(/\$\{([A-Z_]+)\}/g)].map((match) => match[1] as string);
  const env: Record<string, string> = Object.fromEntries(names.map((name) => [name, 'sk-0123456789abcdef']));
  env.SLACK_WEBHOOK_URL = 'https://hooks.slack.com/services/T/B/x';
  env.SMTP_URL = 'smtps://u:p@mail.example.com';
  const { config } = parseConfig(text, env, 'signalbox.example.yaml');
  expect(buildFleet({ config, env }, {}, {}, 0).remarks).toEqual([]);
});
