import { describe, expect, it } from 'vitest';

import { renderStatements, type Statement } from '../../../src/pipeline/elasticsearch/statement.ts';

const statement = (lines: readonly string[], more: Partial<Statement> = {}): Statement => ({
  before: [],
  condition: undefined,
  reads: [],
  guard: undefined,
  writes: [],
  lines,
  ...more,
});

describe('renderStatements', () => {
  it('shares one if among neighbours of the same condition', () => {
    const same = { condition: 'c', reads: ['f'] };
    expect(renderStatements([statement(['a();'], same), statement(['b();'], same), statement(['d();'], { condition: 'e' })])).toEqual([
      'if (c) {\n  a();\n  b();\n}',
      'if (e) { d(); }',
    ]);
  });

  it('does not, where one of them writes what the condition reads', () => {
    const first = statement(['a();'], { condition: 'c', reads: ['f.g'], writes: ['f'] });
    expect(renderStatements([first, statement(['b();'], { condition: 'c', reads: ['f.g'] })])).toEqual(['if (c) { a(); }', 'if (c) { b(); }']);
  });

  it('does not, where something must stand between', () => {
    const next = statement(['b();'], { condition: 'c', before: ['x();'] });
    expect(renderStatements([statement(['a();'], { condition: 'c' }), next])).toEqual(['if (c) { a(); }', 'x();', 'if (c) { b(); }']);
  });

  it('guards several statements, never one', () => {
    const guarded = { guard: '!in_a.isEmpty()' };
    expect(renderStatements([statement(['a();'], guarded), statement(['b();'], guarded), statement(['c();']), statement(['d();'], guarded)])).toEqual([
      'if (!in_a.isEmpty()) {\n  a();\n  b();\n}',
      'c();',
      'd();',
    ]);
  });

  it('names a rule, and keeps the lines of a statement together', () => {
    expect(renderStatements([statement(['a();'], { condition: 'c', comment: 'login' }), statement(['b();', 'c();'])])).toEqual([
      'if (c) { // login\n  a();\n}',
      'b();\nc();',
    ]);
  });
});
