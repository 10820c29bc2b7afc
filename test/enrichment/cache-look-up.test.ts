import { describe, expect, it } from 'vitest';
import { cacheLookUp } from '../../src/enrichment/cache-look-up.ts';

function watch(maxEntries: number) {
  const asked: string[] = [];
  const look = cacheLookUp((value) => {
    asked.push(value);
    return value === 'nothing' ? undefined : { value };
  }, maxEntries);
  return { asked, look };
}

describe('cacheLookUp', () => {
  it('asks once for each value, also where nothing is known of it', () => {
    const { asked, look } = watch(10);
    for (const value of ['a', 'nothing', 'a', 'nothing']) expect(look(value)).toEqual(value === 'nothing' ? undefined : { value });
    expect(asked).toEqual(['a', 'nothing']);
  });

  it('forgets the least recently used value first', () => {
    const { asked, look } = watch(2);
    for (const value of ['a', 'b', 'a', 'c', 'a', 'b']) look(value);
    expect(asked).toEqual(['a', 'b', 'c', 'b']);
  });

  it('does not keep long texts', () => {
    const { asked, look } = watch(10);
    const [kept, long] = ['x'.repeat(1000), 'x'.repeat(1001)];
    for (const value of [kept, long, kept, long]) expect(look(value)).toEqual({ value });
    expect(asked).toEqual([kept, long, long]);
  });
});
