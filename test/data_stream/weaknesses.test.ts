import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findUnshown, type Project, type Weakness, weaknesses } from './weakness-table.ts';

function readProject(): Project {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.test.ts') && !path.endsWith('/weaknesses.test.ts'));
  const tests = new Map(files.map((path) => [join('test', path), readFileSync(join('test', path), 'utf8')]));
  return { exists: existsSync, scripts: Object.keys(scripts), tests };
}

function makeProject(text: string, paths: readonly string[] = [], scripts: readonly string[] = []): Project {
  return { exists: (path) => paths.includes(path), scripts, tests: new Map([['test/a.test.ts', text]]) };
}

describe('the table of weaknesses', () => {
  it('has each of the thirty once, with a test or with what will show it', () => {
    expect(weaknesses.map(({ item }) => item)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(weaknesses.filter(({ files, later }) => (files === undefined) === (later === undefined))).toEqual([]);
  });

  it('names a test that exists for each that can be shown today', () => {
    expect(findUnshown(weaknesses, readProject())).toEqual([]);
  });
});

describe('findUnshown', () => {
  const now: readonly Weakness[] = [{ item: 3, title: 'cut off', files: ['test/a.test.ts'] }];
  const later: readonly Weakness[] = [{ item: 3, title: 'cut off', later: { what: 'the runs', paths: ['_dev/runs'], script: 'runs' } }];

  it.each([
    "it('weakness 3: nothing is cut off', () => {});",
    "it.each(['a', 'b'])('weakness 3: %s', () => {});",
    "it.each([\n    [1, 'b'],\n    [2, rows(2)],\n  ])('weakness 3: %s', () => {});",
  ])('finds %s', (text) => {
    expect(findUnshown(now, makeProject(text))).toEqual([]);
  });

  it.each(["it('weakness 30: other', () => {});", "it.skip('weakness 3: skipped', () => {});", "it.todo('weakness 3: to come');", '// weakness 3: a word'])(
    'does not take %s for one',
    (text) => {
      expect(findUnshown(now, makeProject(text))).toEqual(['3 (cut off): test/a.test.ts has no test "weakness 3: ..."']);
    },
  );

  it('asks for a test of what comes later as soon as its folder or command is there', () => {
    expect(findUnshown(later, makeProject(''))).toEqual([]);
    const fault = '3 (cut off): the runs is there, and no file below test/ has a test "weakness 3: ..."';
    expect(findUnshown(later, makeProject('', ['_dev/runs']))).toEqual([fault]);
    expect(findUnshown(later, makeProject('', [], ['runs']))).toEqual([fault]);
    expect(findUnshown(later, makeProject("it('weakness 3: shown', () => {});", ['_dev/runs']))).toEqual([]);
  });
});
