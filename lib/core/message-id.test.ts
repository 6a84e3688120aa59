import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliveryId, sha256Hex } from './message-id.ts';

describe('the id of a message', () => {
  it('is the same digest that everybody else computes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'grapheme' }), (text) => {
        expect(sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
      }),
    );
  });

  it('differs by event and by receiver, and never by time', () => {
    expect(deliveryId('e1', 'r1')).toBe(deliveryId('e1', 'r1'));
    expect(new Set([deliveryId('e1', 'r1'), deliveryId('e1', 'r2'), deliveryId('e2', 'r1')]).size).toBe(3);
    expect(deliveryId('e1', 'r1')).toMatch(/^msg_[0-9a-f]{32}$/);
  });
});
