import { describe, expect, it } from 'vitest';
import { compileDropTest } from '../../src/pipeline/local/compile-drop-test.ts';
import { placeDrops, sliceForDrops } from '../../src/pipeline/place-drops.ts';
import { toSteps } from '../../src/pipeline/to-steps.ts';
import { DROPS } from './drops.ts';
import { converted, streamOf } from './sketches.ts';

const tagsOf = (stream: typeof DROPS) => toSteps(stream).map(({ tag }) => tag);

describe('placeDrops', () => {
  it('decides as soon as what the rules read is made', () => {
    expect(tagsOf(DROPS)).toEqual([
      'id_document',
      'convert_t_late',
      'convert_t_kind',
      'convert_t_guarded',
      'drop_notes',
      'drop_quiet',
      'convert_t_after',
      'rule_always',
    ]);
  });

  it('decides first where the rules read nothing that is made', () => {
    const drops = DROPS.drops.map((drop) => ({ ...drop, when: { kind: 'exists', field: 'else' } as const }));
    expect(tagsOf({ ...DROPS, drops }).slice(0, 3)).toEqual(['id_document', 'drop_notes', 'drop_quiet']);
    expect(placeDrops([], [])).toEqual([]);
  });

  it('waits for what holds a field that is read, and for what is below it', () => {
    const fields = [converted('a.b', 'x'), converted('c', 'y'), converted('a.b.c', 'z'), converted('d', 'w')];
    const drops = [{ name: 'n', description: '', variable: 'v', byDefault: true, when: { kind: 'exists', field: 'a.b' } as const }];
    expect(tagsOf(streamOf(fields, { drops }))).toEqual(['id_document', 'convert_a_b', 'convert_c', 'convert_a_b_c', 'drop_n', 'convert_d']);
  });
});

describe('sliceForDrops', () => {
  it('takes only what tells, and what that depends on', () => {
    expect(sliceForDrops(toSteps(DROPS)).map(({ tag }) => tag)).toEqual(['convert_t_kind', 'convert_t_guarded', 'drop_notes', 'drop_quiet']);
  });

  it('follows what is looked up in tables to the fields that are looked up', () => {
    const fields = [
      converted('a', 'x'),
      converted('b', 'y'),
      { name: 'g', origin: { kind: 'group', of: ['a'], groups: { dns: ['rec'] } } as const },
      { name: 'l', origin: { kind: 'listed', of: ['b'], in: 'zones' } as const, when: { kind: 'equals', field: 'g', value: 'dns' } as const },
      converted('c', 'z'),
    ];
    const drops = [{ name: 'n', description: '', variable: 'v', byDefault: true, when: { kind: 'equals', field: 'l', value: true } as const }];
    const stream = streamOf(fields, { drops });
    expect(sliceForDrops(toSteps(stream)).map(({ tag }) => tag)).toEqual(['convert_a', 'convert_b', 'group_g', 'listed_l', 'drop_n']);
    const test = compileDropTest(stream);
    expect(test?.('{"x":"rec_list","y":"z.example"}', { zones: ['z.example'] })).toBe('n');
    expect(test?.('{"x":"rec_list","y":"z.example"}', { zones: [] })).toBeUndefined();
  });

  it('follows texts to their pieces', () => {
    const fields = [
      converted('a', 'x'),
      converted('b', 'y'),
      { name: 'message', origin: { kind: 'text', parts: [[[{ field: 'a' }]]] } as const },
      converted('c', 'z'),
    ];
    const drops = [{ name: 'n', description: '', variable: 'v', byDefault: true, when: { kind: 'equals', field: 'message', value: 'm' } as const }];
    expect(sliceForDrops(toSteps(streamOf(fields, { drops }))).map(({ tag }) => tag)).toEqual(['convert_a', 'text_message', 'drop_n']);
  });
});
