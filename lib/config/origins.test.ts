import { expect, it } from 'vitest';
import { parseConfig } from './load.ts';

const text = `# a comment
budget:
  usd_per_day: 0.25
chains:
  chat: [openrouter/any/openai/gpt-5-nano]
gateways:
  openrouter: { key: '\${OPENROUTER_API_KEY}' }
`;

it('knows of each value in force whether file, environment or nobody gave it', () => {
  const env = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef', PORT: '4000' };
  const { origins, config } = parseConfig(text, env, '/etc/signalbox.yaml');
  expect(config.budget.usd_per_day).toBe(0.25);
  expect(origins.file).toBe('/etc/signalbox.yaml');
  expect(origins.lines.get('budget.usd_per_day')).toBe(3);
  expect(origins.lines.get('chains.chat.0')).toBe(5);
  expect(origins.lines.has('budget.usd_per_month')).toBe(false);
  expect(origins.environment.get('gateways.openrouter.key')).toBe('OPENROUTER_API_KEY');
  expect(origins.environment.get('listen.port')).toBe('PORT');
  expect(parseConfig('', {}, null).origins.lines.size).toBe(0);
});
