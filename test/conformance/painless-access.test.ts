import { describe, expect, it } from 'vitest';
import { findUnsafeAccess } from '../../_dev/conformance/painless-access.ts';

describe('findUnsafeAccess', () => {
  it.each([
    'ctx.event?.original == null',
    "ctx.a == 'x'",
    "ctx.a != null && ctx.a.b == 'x'",
    "ctx.a == null || ctx.a.contains('x')",
    'ctx.a?.b != null && ctx.a.b.length() > 0',
    'ctx.a instanceof Map && ctx.a.size() < 5',
    'ctx.a?.b != null && ctx.a.b > 5',
    "ctx.get('a') == null",
    '// ctx.a.b in a comment',
    "ctx.remove('a')",
  ])('takes %s', (source) => {
    expect(findUnsafeAccess(source)).toEqual([]);
  });

  it.each([
    ['ctx.a.b == 1', 'ctx.a.b (ctx.a may be null)'],
    ["ctx.a?.b.contains('x')", 'ctx.a?.b.contains (ctx.a?.b may be null)'],
    ['ctx.b != null && ctx.a.b == 1', 'ctx.a.b (ctx.a may be null)'],
    ['ctx.a?.b <= 5', 'ctx.a?.b <= (null cannot be compared)'],
    ['ctx.a == null || ctx.ab.c == 1', 'ctx.ab.c (ctx.ab may be null)'],
  ])('refuses %s', (source, fault) => {
    expect(findUnsafeAccess(source)).toEqual([fault]);
  });
});
