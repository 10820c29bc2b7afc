import { describe, expect, it } from 'vitest';
import { exceptions } from '../../_dev/conformance/exceptions.ts';
import { judgePackage, MOST_EXCEPTIONS } from '../../_dev/conformance/judge-package.ts';
import { rules } from '../../_dev/conformance/list-rules.ts';
import { owed } from '../../_dev/conformance/owed.ts';
import { readPackage } from '../../_dev/conformance/package-under-test.ts';
import { renderReport } from '../../_dev/conformance/render-report.ts';
import type { Rule } from '../../_dev/conformance/rule.ts';
import { tinyPackage } from './tiny-package.ts';

const tested = readPackage(tinyPackage);
const rule: Rule = { id: 'P1', checks: 'something', check: () => ['one is wrong', 'two is wrong'] };

describe('judgePackage', () => {
  it('says ok, fault, or nothing to check', () => {
    const kept: Rule = { id: 'P2', checks: 'more', check: () => [] };
    const idle: Rule = { id: 'K1', checks: 'dashboards', isIdle: () => 'there are none', check: () => [] };
    expect(judgePackage(tested, { rules: [rule, kept, idle], exceptions: [], owed: [] })).toEqual([
      { id: 'P1', checks: 'something', result: 'fault', notes: ['one is wrong', 'two is wrong'] },
      { id: 'P2', checks: 'more', result: 'ok', notes: [] },
      { id: 'K1', checks: 'dashboards', result: 'owed', notes: ['there are none'] },
    ]);
  });

  it('lets an exception cover its faults and no others', () => {
    const both = [{ id: 'P1', covers: /is wrong$/, reason: 'Because.' }];
    expect(judgePackage(tested, { rules: [rule], exceptions: both, owed: [] })).toMatchObject([{ result: 'exception', notes: ['Because.'] }]);
    const one = [{ id: 'P1', covers: /^one/, reason: 'Because.' }];
    expect(judgePackage(tested, { rules: [rule], exceptions: one, owed: [] })).toMatchObject([{ result: 'fault', notes: ['two is wrong'] }]);
  });

  it('takes an exception that covers nothing, and a sixth one, for faults', () => {
    const idle = [{ id: 'P1', covers: /^three/, reason: 'Because.' }];
    expect(judgePackage(tested, { rules: [rule], exceptions: idle, owed: [] }).slice(1)).toMatchObject([{ id: 'P1', result: 'fault' }]);
    const many = Array.from({ length: 6 }, () => ({ id: 'P1', covers: /wrong/, reason: 'Because.' }));
    expect(judgePackage(tested, { rules: [rule], exceptions: many, owed: [] })).toContainEqual({
      id: '-',
      checks: 'few exceptions',
      result: 'fault',
      notes: ['6 exceptions are more than 5'],
    });
  });

  it('lists what is owed', () => {
    expect(judgePackage(tested, { rules: [], exceptions: [], owed }).map(({ id, result }) => `${id} ${result}`)).toEqual(owed.map(({ id }) => `${id} owed`));
  });

  it('knows every rule of the list, each with a check or with what is owed', () => {
    const numbers = (letter: string, last: number): readonly string[] => Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);
    const all = [numbers('P', 12), numbers('E', 9), numbers('F', 14), numbers('D', 6), numbers('T', 9), numbers('K', 3)].flat();
    const known = new Set([...rules, ...owed].map(({ id }) => id));
    expect(all.filter((id) => !known.has(id))).toEqual([]);
    expect(exceptions.length).toBeLessThanOrEqual(MOST_EXCEPTIONS);
  });
});

describe('renderReport', () => {
  it('sorts by rule, sets notes below their row, cuts long output and counts', () => {
    const output = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n');
    const report = renderReport([
      { id: 'lint', checks: 'the tool', result: 'left out', notes: [output] },
      { id: 'K1', checks: 'dashboards', result: 'owed', notes: ['Kibana: look.'] },
      { id: 'P10', checks: 'ten', result: 'fault', notes: Array.from({ length: 14 }, (_, index) => `fault ${index}`) },
      { id: 'P2', checks: 'two', result: 'ok', notes: [] },
      { id: 'F2', checks: 'three', result: 'exception', notes: ['Because.'] },
    ]);
    const rows = report.split('\n').filter((line) => /^\S/.test(line));
    expect(rows.map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      'rule result what is checked',
      'P2 ok two',
      'P10 FAULT ten',
      'F2 exception three',
      'K1 cannot be shown dashboards',
      'lint left out the tool',
      '1 ok, 1 exceptions, 1 cannot be shown here, 1 left out, 1 faults',
    ]);
    expect(report).toContain('- and 2 more');
    expect(report).toContain('line 19\n');
    expect(report).toContain('... 70 lines ...');
    expect(report).not.toContain('line 50\n');
    expect(report).toContain('line 99\n');
  });
});
