import { expect, it } from 'vitest';
import { markdown, mayShow, missing, rowsOf, withTable } from './table.ts';

const result = (title: string, status = 'passed') => ({ fullName: `a suite ${title}`, title, status });

it('collects the tests that carry an id, in the order of the plan', () => {
  const rows = rowsOf([
    result('W1: one worker leads'),
    result('N10: blames nobody'),
    result('N3: gives up'),
    result('no id here'),
  ]);
  expect(rows.map(({ id }) => id)).toEqual(['N3', 'N10', 'W1']);
});

it('counts one test for each of its ids, and a failed one as failed', () => {
  const rows = rowsOf([result('K2–K4: all or nothing', 'failed'), result('K2: again')]);
  expect(rows.map(({ id, passed, failed }) => [id, passed, failed])).toEqual([
    ['K2', 1, 1],
    ['K4', 0, 1],
  ]);
  expect(markdown(rows)).toContain('**1 failed**');
});

it('replaces only what stands between the marks', () => {
  const readme =
    'before\n<!-- faults: made by "npm run fault-table", do not edit -->\nold\n<!-- /faults -->\nafter\n';
  expect(withTable(readme, 'new')).toBe(
    'before\n<!-- faults: made by "npm run fault-table", do not edit -->\nnew\n<!-- /faults -->\nafter\n',
  );
  expect(withTable('no marks', 'new')).toBeNull();
});

it('lists by id what no test shows, and what shows it instead', () => {
  const text = missing(rowsOf([result('N1: x'), result('VB: y'), result('K2–K4: z')]));
  expect(text).toMatch(/^4 of the plan’s 115 cases are shown by tests\. The others: N2 \(not shown yet\), /);
  expect(text).toContain('A10 (`npm run load -- L6`)');
  expect(text).not.toMatch(/\bVB\b|\bK4\b|\bN1 /);
});

it('knows a file that shows a case by its titles', () => {
  expect(mayShow("it('K2, K3, K4: all or nothing', () => {})")).toBe(true);
  expect(mayShow("describe('VB: an error budget', () => {})")).toBe(true);
  expect(mayShow('it.each(rows)(`N3: %s`, () => {})')).toBe(true);
  expect(mayShow("// K2: in a comment\nit('says nothing of a case', () => {})")).toBe(false);
});
