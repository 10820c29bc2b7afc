import { describe, expect, it } from 'vitest';
import { isNewer, isWithin, parseVersion } from '../../src/definition/semver.ts';

describe('parseVersion', () => {
  it.each([
    ['0.1.0', [0, 1, 0]],
    ['10.20.30', [10, 20, 30]],
    ['1.0', undefined],
    ['01.0.0', undefined],
    ['1.0.0-beta', undefined],
    ['v1.0.0', undefined],
  ])('reads %s', (text, version) => {
    expect(parseVersion(text)).toEqual(version);
  });
});

describe('isNewer', () => {
  it.each([
    ['0.2.0', '0.1.9', true],
    ['1.0.0', '0.9.9', true],
    ['0.10.0', '0.9.0', true],
    ['0.1.0', '0.1.0', false],
    ['0.1.0', '0.1.1', false],
    ['first', '0.1.1', false],
  ])('compares %s with %s', (first, second, newer) => {
    expect(isNewer(first, second)).toBe(newer);
  });
});

describe('isWithin', () => {
  const range = '^8.19.0 || ^9.1.0';
  it.each([
    ['8.19.0', true],
    ['8.20.1', true],
    ['9.1.0', true],
    ['9.10.0-SNAPSHOT', true],
    ['8.18.9', false],
    ['9.0.8', false],
    ['10.0.0', false],
    ['', false],
  ])('says whether %s fits', (version, fits) => {
    expect(isWithin(version, range)).toBe(fits);
  });
});
