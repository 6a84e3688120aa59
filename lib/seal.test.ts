import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSealer, openSealer, secretFileName } from './seal.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sealer = createSealer(Buffer.alloc(32, 7));

describe('a secret at rest', () => {
  it('opens only for the row it was sealed for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, owner) => {
        const sealed = sealer.seal(plain, owner);
        expect(sealer.open(sealed, owner)).toBe(plain);
        expect(sealer.open(sealed, `${owner}x`)).toBeNull();
        expect(createSealer(Buffer.alloc(32, 8)).open(sealed, owner)).toBeNull();
      }),
      { numRuns: 50 },
    );
  });

  it('does not open after a single changed character, nor what was never sealed', () => {
    const sealed = sealer.seal('https://hooks.example.com/secret', 'r1');
    for (let i = 3; i < sealed.length - 1; i += 7) {
      const changed = sealed.slice(0, i) + (sealed[i] === 'A' ? 'B' : 'A') + sealed.slice(i + 1);
      expect(sealer.open(changed, 'r1')).toBeNull();
    }
    expect(['', 's1.', 's1.AAAA', 'plain text'].map((one) => sealer.open(one, 'r1'))).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  // Seen red with the same start for every secret.
  it('U16: never looks the same twice, and never holds its plain text', () => {
    const sealed = sealer.seal('same', 'r1');
    expect(sealed).not.toBe(sealer.seal('same', 'r1'));
    expect(Buffer.from(sealed.slice(3), 'base64url').toString('latin1')).not.toContain('same');
  });
});

describe('the key', () => {
  it('is made once beside the data, for its owner alone', () => {
    const file = join(folder, 'data', secretFileName);
    const sealed = openSealer({ file }).seal('x', 'r');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(openSealer({ file }).open(sealed, 'r')).toBe('x');
    expect(readFileSync(file, 'utf8').trim()).toHaveLength(43);
  });

  it('from the environment wins, and a short or broken one is refused', () => {
    const file = join(folder, secretFileName);
    const one = openSealer({ secret: 'a long enough secret', file });
    expect(openSealer({ secret: ' a long enough secret ', file }).open(one.seal('x', 'r'), 'r')).toBe('x');
    expect(() => openSealer({ secret: 'short', file })).toThrow(/shorter than 16/);
    writeFileSync(file, 'garbage');
    expect(() => openSealer({ file })).toThrow(/restore it from a backup/);
  });
});

describe('a link that proves itself', () => {
  it('names its subject for its purpose until it expires', () => {
    const token = sealer.signToken('acknowledge', 'i1|op_slack', 10_000);
    expect(sealer.checkToken('acknowledge', token, 9_999)).toBe('i1|op_slack');
    expect(sealer.checkToken('acknowledge', token, 11_000)).toBeNull();
    expect(sealer.checkToken('unsubscribe', token, 9_999)).toBeNull();
    expect(sealer.checkToken('manage', sealer.signToken('manage', 'pub_1', null), 9e15)).toBe('pub_1');
  });

  it('is worthless when guessed, forged or cut', () => {
    const token = sealer.signToken('manage', 'pub_1', null);
    const forged = token.replace(/^[^.]+/, Buffer.from('pub_2').toString('base64url'));
    expect(
      [forged, token.slice(0, -1), `${token}x`, '', '..', 'a.b.c'].map((one) =>
        sealer.checkToken('manage', one, 0),
      ),
    ).toEqual(Array(6).fill(null));
  });
});
