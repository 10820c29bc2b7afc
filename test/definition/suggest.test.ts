import { describe, expect, it } from 'vitest';
import { suggest } from '../../src/definition/suggest.ts';

describe('suggest', () => {
  it.each([
    ['sorce.ip', ['source.ip', 'source.port'], 'Did you mean source.ip? '],
    ['failed', ['success', 'failure'], 'Did you mean failure? '],
    ['something', ['title', 'name'], ''],
    ['title', [], ''],
    ['', ['a'], ''],
  ])('says of %j among %j: %j', (word, known, said) => {
    expect(suggest(word, known)).toBe(said);
  });
});
