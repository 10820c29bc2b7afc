import { describe, expect, it } from 'vitest';
import { changelog, type Edit, manifest, renderFaults } from './tiny-definition.ts';

type Case = readonly [name: string, file: string, edits: readonly Edit[], faults: readonly string[]];

describe('checkChangelog', () => {
  it.each<Case>([
    [
      "refuses a newest entry that is not the package's version",
      changelog,
      [[manifest, 'version: 0.2.0', 'version: 0.3.0']],
      ['[0].version: the newest entry is 0.2.0, but manifest.yml has version 0.3.0 / Add an entry for 0.3.0 on top, or correct one of the two.'],
    ],
    [
      'refuses versions that do not fall',
      changelog,
      [[changelog, '- version: 0.1.0', '- version: 0.2.0']],
      ['[0].version: 0.2.0 stands above 0.2.0 / Put the newest version on top; each version stands once.'],
    ],
    [
      'refuses a version that is none',
      changelog,
      [[changelog, '- version: 0.1.0', '- version: first']],
      ['[1].version: first is no version / Write three numbers, e.g. 0.1.0.'],
    ],
    [
      'refuses a change without a place',
      changelog,
      [[changelog, ', pull: 2', '']],
      ['[0].changes[0]: the change does not name one place where it was discussed / Add pull or issue with its number.'],
    ],
    [
      'refuses a change with two places',
      changelog,
      [[changelog, ', pull: 2', ', pull: 2, issue: 3']],
      ['[0].changes[0]: the change does not name one place where it was discussed / Add pull or issue with its number.'],
    ],
  ])('%s', async (_, file, edits, faults) => {
    expect(await renderFaults(file, ...edits)).toEqual(faults);
  });
});
