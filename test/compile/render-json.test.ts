import { describe, expect, it } from 'vitest';
import { renderJson } from '../../src/compile/render-json.ts';

describe('renderJson', () => {
  it('sorts keys and indents by four spaces, as JSON.stringify would', () => {
    const value = { b: [1, { d: null, c: 'x "y"' }], a: {}, e: [], f: undefined };
    expect(renderJson(value)).toBe(JSON.stringify({ a: {}, b: [1, { c: 'x "y"', d: null }], e: [] }, null, 4));
  });

  it('keeps all digits of a big integer', () => {
    expect(renderJson({ n: 1_700_000_000_000_000_001n })).toBe('{\n    "n": 1700000000000000001\n}');
  });
});
