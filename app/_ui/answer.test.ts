import { expect, it } from 'vitest';
import { firstClause } from './answer.tsx';

it.each([
  [
    'OpenRouter is down: 9 of 9 checks failed in 1.5 s, mostly 401. Since 05:39 UTC, for 60 s.',
    'OpenRouter is down: 9 of 9 checks failed in 1.5 s, mostly 401',
  ],
  ['The model openai/gpt-4.1-nano is down: it is gone.', 'The model openai/gpt-4.1-nano is down: it is gone'],
  [
    '我们自己的网络连接中断，因此无法判断其他服务的状况。',
    '我们自己的网络连接中断，因此无法判断其他服务的状况',
  ],
])('the title takes what is wrong and leaves out since when: %s', (sentence, clause) => {
  expect(firstClause(sentence)).toBe(clause);
});
