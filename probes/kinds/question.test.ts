import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSum, judgeAnswer } from './question.ts';

const said = (text: string, more = {}) => ({ text, hasReasoning: false, finish: 'stop', ...more });

test('every question has two small numbers, their sum, and a nonce without digits', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 0.999999, noNaN: true }), { minLength: 10, maxLength: 10 }),
      (dice) => {
        let at = 0;
        const { prompt, answer } = createSum(() => dice[at++ % dice.length] ?? 0);
        const [a, b] = (prompt.match(/\d+/g) ?? []).map(Number);
        expect(prompt.match(/\d+/g)).toHaveLength(2);
        expect((a ?? 0) + (b ?? 0)).toBe(Number(answer));
        expect(prompt).toMatch(/\([a-z]{8}\)$/);
      },
    ),
  );
});

test.each(['62', ' 62.', '37 + 25 = 62', '**62**', 'The answer is 62!', '\\boxed{62}'])(
  '%s is the answer',
  (text) => {
    expect(judgeAnswer('62', said(text))).toBe('match');
  },
);

test.each(['63', '620', 'six', '162', 'cached greeting'])('%s is not', (text) => {
  expect(judgeAnswer('62', said(text))).toBe('mismatch');
});

test('nothing is empty, unless it was still thinking when our cap ended it', () => {
  expect(judgeAnswer('62', said('  '))).toBe('empty');
  expect(judgeAnswer('62', said('', { hasReasoning: true, finish: 'length' }))).toBeNull();
  expect(judgeAnswer('62', said('', { hasReasoning: true }))).toBe('empty');
});

test('of an answer that was cut nothing is said, unless it was already right', () => {
  expect(judgeAnswer('62', said('Let me add', { finish: 'length' }))).toBeNull();
  expect(judgeAnswer('62', said('It is 62, because', { finish: 'length' }))).toBe('match');
});
