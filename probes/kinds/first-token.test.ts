import { expect, test } from 'vitest';
import { serveTcp } from '#lib/testing/loopback.ts';
import { probeIo, watchedTarget } from '#lib/testing/probe-io.ts';
import { completion } from './completion.ts';

const frame = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

// Seen red with the first token not noted.
test('S1: comments and a role come first, and the first token is the first with content', async () => {
  const server = await serveTcp((socket) => {
    const say = (text: string, afterMs: number) => setTimeout(() => socket.write(text), afterMs);
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n');
      for (let ms = 0; ms < 600; ms += 60) say(': OPENROUTER PROCESSING\n\n', ms);
      say(frame({ choices: [{ delta: { role: 'assistant', content: '' } }] }), 620);
      say(frame({ choices: [{ delta: { content: '12' } }] }), 900);
      say(frame({ choices: [{ delta: {}, finish_reason: 'stop' }] }), 950);
      setTimeout(() => socket.end('data: [DONE]\n\n'), 960);
    });
  });
  const watched = watchedTarget(
    'completion',
    { gateway: 'openrouter', provider: 'any', model: 'm/m' },
    { baseUrl: server.url, dialect: 'openai-chat' },
  );
  const { observation } = await completion(watched, probeIo({ timeoutMs: 4_000 }));
  server.close();
  expect(observation).toMatchObject({ reached: 'done', fault: null, output: { done: true } });
  const { firstByteMs, firstTokenMs } = observation.timing;
  expect(firstTokenMs).toBeGreaterThan(850);
  expect((firstTokenMs ?? 0) - (firstByteMs ?? 0)).toBeGreaterThan(200);
});
