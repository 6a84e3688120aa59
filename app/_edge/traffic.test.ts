import { expect, test } from 'vitest';
import { Traffic } from './traffic.ts';

function windows(traffic: Traffic, counts: number[]): number[] {
  return counts.flatMap((count, i) => {
    const silent = traffic.step(new Map(count > 0 ? [['route', count]] : []));
    return silent.includes('route') ? [i] : [];
  });
}
const times = (n: number, count: number) => Array.from({ length: n }, () => count);

test('a steady stream that ends is suspicious once, as soon as ten calls are missing', () => {
  expect(windows(new Traffic(), [...times(20, 40), ...times(30, 0)])).toEqual([20]);
  expect(windows(new Traffic(), [...times(20, 4), ...times(30, 0)])).toEqual([22]);
});

test('it is suspicious again only after it has come back', () => {
  const traffic = new Traffic();
  windows(traffic, [...times(20, 40), ...times(10, 0)]);
  expect(windows(traffic, times(100, 0))).toEqual([]);
  expect(windows(traffic, [...times(30, 40), 0, 0])).toEqual([30]);
});

test('a trickle, a short burst and a pause that is usual are nothing', () => {
  expect(windows(new Traffic(), [...times(5, 100), ...times(50, 0)])).toEqual([]);
  expect(
    windows(
      new Traffic(),
      times(300, 0).map((_, i) => (i % 20 === 0 ? 1 : 0)),
    ),
  ).toEqual([]);
});

test('is bounded, however many routes are named', () => {
  const traffic = new Traffic();
  for (let i = 0; i < 5; i++)
    traffic.step(new Map(Array.from({ length: 3_000 }, (_, n) => [`${i} ${n}`, 50])));
  for (let i = 0; i < 400; i++) traffic.step(new Map());
  expect(windows(traffic, [...times(20, 40), 0])).toEqual([20]);
});
