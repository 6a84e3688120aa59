import { expect, it } from 'vitest';
import { whenOrphaned } from './orphan.ts';

it('a child whose launcher is gone leaves once, and not before', async () => {
  let parent = 7;
  let left = 0;
  const rest = whenOrphaned(
    () => (left += 1),
    () => parent,
  );
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(left).toBe(0);
  parent = 1;
  await expect.poll(() => left, { timeout: 3_000 }).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(left).toBe(1);
  rest();
});
