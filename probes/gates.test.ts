import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGates } from './gates.ts';

const limits = { perProvider: 2, perOrigin: 3, total: 4 };
const passage = (provider: string, origin = 'o') => ({ provider, origin });

describe('gates', () => {
  it('let in who fits and the others in their order', () => {
    const gates = createGates(limits);
    const went: string[] = [];
    const enter = (name: string, provider: string) =>
      gates.enter(
        passage(provider),
        1_000,
        () => void went.push(name),
        () => void went.push(`${name} late`),
      );
    for (const name of ['a1', 'a2', 'a3', 'a4']) enter(name, 'a');
    enter('b1', 'b');
    enter('b2', 'b');
    expect(went).toEqual(['a1', 'a2', 'b1']);
    gates.leave(passage('a'));
    expect(went).toEqual(['a1', 'a2', 'b1', 'a3']);
    gates.expire(1_000);
    expect(went.slice(4)).toEqual(['a4 late', 'b2 late']);
    expect(gates.queued()).toBe(0);
  });

  it('cost little however long the queue is: who is behind must not fall back further', () => {
    const gates = createGates({ perProvider: 16, perOrigin: 128, total: 512 });
    const inside: ReturnType<typeof passage>[] = [];
    let entered = 0;
    for (let i = 0; i < 6_000; i++) {
      const one = passage(`p${i}`);
      gates.enter(
        one,
        1_000,
        () => (entered += inside.push(one) && 1),
        () => {},
      );
    }
    const before = process.cpuUsage();
    for (let one = inside.shift(); one; one = inside.shift()) gates.leave(one);
    expect(entered).toBe(6_000);
    // Gone through whole at every end, the queue took a second and more.
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(400);
  });

  it('never let in more than there is room for, and lose nobody', () => {
    const step = fc.record({
      provider: fc.constantFrom('a', 'b', 'c'),
      origin: fc.constantFrom('x', 'y'),
      leaves: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const gates = createGates(limits);
        const inside: { provider: string; origin: string }[] = [];
        const outside: { provider: string; origin: string }[] = [];
        let asked = 0;
        let entered = 0;
        for (const { provider, origin, leaves } of steps) {
          const one = passage(provider, origin);
          if (leaves && inside.length > 0) gates.leave(inside.shift() as typeof one);
          else {
            asked += 1;
            outside.push(one);
            gates.enter(
              one,
              1,
              () => {
                entered += inside.push(one) && 1;
                outside.splice(outside.indexOf(one), 1);
              },
              () => {},
            );
          }
          expect(gates.inFlight()).toBe(inside.length);
          expect(inside.length).toBeLessThanOrEqual(limits.total);
          for (const name of ['a', 'b', 'c'])
            expect(inside.filter((p) => p.provider === name).length).toBeLessThanOrEqual(limits.perProvider);
          for (const name of ['x', 'y'])
            expect(inside.filter((p) => p.origin === name).length).toBeLessThanOrEqual(limits.perOrigin);
          expect(entered + gates.queued()).toBe(asked);
          // Nobody waits for whom there is room.
          const isIn = (name: string) =>
            inside.filter((p) => p.provider === name || p.origin === name).length;
          for (const { provider: p, origin: o } of outside)
            expect(
              isIn(p) >= limits.perProvider || isIn(o) >= limits.perOrigin || inside.length >= limits.total,
            ).toBe(true);
        }
      }),
    );
  });
});
