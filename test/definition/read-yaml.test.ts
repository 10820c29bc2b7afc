import { describe, expect, it } from 'vitest';
import { changelog, type Edit, manifest, renderFaults } from './tiny-definition.ts';

type Case = readonly [name: string, file: string, edits: readonly Edit[], faults: readonly string[]];

describe('readYaml', () => {
  it.each<Case>([
    [
      'refuses what is no YAML',
      manifest,
      [[manifest, 'title: Tiny API', 'title: a: b']],
      [': no YAML in line 3: bad indentation of a mapping entry / Correct the line; text with a colon or a brace needs quotes.'],
    ],
    [
      'refuses a key that stands twice',
      manifest,
      [[manifest, 'title: Tiny API', 'title: Tiny API\ntitle: Tiny']],
      [': no YAML in line 4: duplicated mapping key / Correct the line; text with a colon or a brace needs quotes.'],
    ],
    ['misses a file', changelog, [[changelog, '', '']], [': the file is missing / Add changelog.yml.']],
  ])('%s', async (_, file, edits, faults) => {
    expect(await renderFaults(file, ...edits)).toEqual(faults);
  });
});
