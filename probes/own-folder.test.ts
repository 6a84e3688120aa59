import { expect, it } from 'vitest';
import { makeDataFolder } from './own-folder.ts';

it('a data folder that cannot be made is one sentence that says what to do, and for good', () => {
  expect(() => makeDataFolder('/dev/null/data')).toThrow(
    expect.objectContaining({
      permanent: true,
      message: expect.stringMatching(
        /^Nothing can be kept in \/dev\/null\/data \(E\w+\): .*SIGNALBOX_DATA\.$/,
      ),
    }),
  );
});
