import { describe, expect, it } from 'vitest';
import { listTextFields, toTextParts } from '../../src/definition/to-text-parts.ts';

describe('toTextParts', () => {
  it('reads phrases with fields between literal texts', () => {
    expect(toTextParts(['a {x.y}b{z}', ['{x.y}', 'nobody']])).toEqual([
      [[{ literal: 'a ' }, { field: 'x.y' }, { literal: 'b' }, { field: 'z' }]],
      [[{ field: 'x.y' }], [{ literal: 'nobody' }]],
    ]);
  });

  it('lists the fields, each once', () => {
    expect(listTextFields(['a {x.y}b{z}', ['{x.y}', 'nobody']])).toEqual(['x.y', 'z']);
  });
});
