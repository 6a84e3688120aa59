import { expect, it } from 'vitest';
import { createLog } from './log.ts';
import { createRedact } from './redact.ts';

function lines(
  write: (log: ReturnType<typeof createLog>) => void,
  redact?: ReturnType<typeof createRedact>,
): string {
  let text = '';
  const stream = { write: (line: string) => void (text += line) };
  write(createLog({ name: 'test', stream, ...(redact ? { redact } : {}) }));
  return text;
}

it('never writes what is named like a secret, however deep', () => {
  const text = lines((log) =>
    log.info(
      { key: 'abc123', channel: { webhook_url: 'https://hooks.example/x', a: { token: 't0k' } } },
      'sent',
    ),
  );
  expect(text).not.toMatch(/abc123|hooks\.example|t0k/);
  expect(JSON.parse(text)).toMatchObject({ msg: 'sent', name: 'test' });
});

it('removes keys of known families from messages', () => {
  const key = `sk-or-v1-${'a1b2c3d4'.repeat(8)}`;
  expect(lines((log) => log.warn(`refused ${key}`))).not.toContain('a1b2c3d4a1b2c3d4');
});

it('writes what an error says, and its cause', () => {
  const error = new Error('no page', { cause: new Error('no store') });
  expect(lines((log) => log.error({ error }, 'a request failed'))).toMatch(/no page.*no store/);
});

it('removes configured secrets whatever they look like', () => {
  const redact = createRedact(['correct-horse-battery']);
  expect(lines((log) => log.error({ err: new Error('bad correct-horse-battery') }), redact)).not.toContain(
    'horse',
  );
});
