import { expect, it } from 'vitest';
import { configSchema } from './schema.ts';

const problemsOf = (policy: Record<string, unknown>) => {
  const read = configSchema.safeParse({ policy });
  return read.success ? [] : read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
};

it('takes numbers of judgement by their names', () => {
  expect(problemsOf({ major_share: 0.7, confirm_times: 0, span_ms: 30_000 })).toEqual([]);
});

it('refuses a number nobody knows, one below zero and a share above one, each by its path', () => {
  expect(problemsOf({ colour: 3 })).toEqual([
    expect.stringMatching(/^policy\.colour: .*nobody knows colour/),
  ]);
  expect(problemsOf({ span_ms: -1 })).toEqual([expect.stringMatching(/^policy\.span_ms: .*zero or more/)]);
  expect(problemsOf({ major_share: 2 })).toEqual([
    expect.stringMatching(/^policy\.major_share: .*at most 1/),
  ]);
  expect(problemsOf({ span_ms: 'long' })).toHaveLength(1);
});
