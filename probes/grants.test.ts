import { describe, expect, it } from 'vitest';
import { createGrants } from './grants.ts';

function stage() {
  let ids = 0;
  const released: string[] = [];
  const went: string[] = [];
  const grants = createGrants({
    newId: () => `w${++ids}`,
    want: () => {},
    release: (id) => void released.push(id),
  });
  const use = (id: string, untilMs = 1_000) =>
    grants.use(
      id,
      untilMs,
      () => void went.push(id),
      (reason) => void went.push(`${id}: ${reason}`),
    );
  return { grants, released, went, use };
}

describe('grants', () => {
  it('let a look go when the ledger has said yes, before or after it was due', () => {
    const { grants, went, use } = stage();
    const [early, late] = [grants.ask('k', 0, 'calm'), grants.ask('k', 0, 'calm')];
    grants.answer([early], []);
    use(early);
    use(late);
    expect(went).toEqual([early]);
    grants.answer([late], []);
    expect(went).toEqual([early, late]);
  });

  it('say why the ledger refused', () => {
    const { grants, went, use } = stage();
    const id = grants.ask('k', 0, 'calm');
    grants.answer([], [{ id, reason: 'cap' }]);
    use(id);
    expect(went).toEqual([`${id}: cap`]);
  });

  it('go back when nobody needs them, whenever the answer comes', () => {
    const { grants, released } = stage();
    const [answered, asked] = [grants.ask('k', 0, 'calm'), grants.ask('k', 0, 'calm')];
    grants.answer([answered], []);
    grants.giveBack(answered);
    grants.giveBack(asked);
    expect(released).toEqual([answered]);
    grants.answer([asked], []);
    expect(released).toEqual([answered, asked]);
  });

  it('are not waited for without end, and go back when they come too late', () => {
    const { grants, went, released, use } = stage();
    const id = grants.ask('k', 0, 'calm');
    use(id, 500);
    grants.expire(499);
    expect(went).toEqual([]);
    grants.expire(500);
    expect(went).toEqual([`${id}: the ledger did not answer in time`]);
    grants.answer([id], []);
    expect(released).toEqual([id]);
  });

  it('that nobody asked for go back', () => {
    const { grants, released } = stage();
    grants.answer(['stranger'], []);
    expect(released).toEqual(['stranger']);
  });
});
