import { expect, it } from 'vitest';
import { FolderProblem, makeDataFolder } from './own-folder.ts';

it('a data folder that cannot be made is one sentence that says what to do, and for good', () => {
  let problem: unknown;
  try {
    makeDataFolder('/dev/null/data');
  } catch (cause) {
    problem = cause;
  }
  expect(problem).toBeInstanceOf(FolderProblem);
  expect((problem as FolderProblem).permanent).toBe(true);
  expect((problem as FolderProblem).message).toMatch(
    /^The data folder cannot be used \(\/dev\/null\/data\): .*SIGNALBOX_DATA\.$/,
  );
});
