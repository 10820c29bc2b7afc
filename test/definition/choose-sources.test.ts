import { describe, expect, it } from 'vitest';
import { chooseSources } from '../../src/definition/choose-sources.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';

const { streams } = await readDefinition('.');
const namesOf = (stream: string, choices?: Readonly<Record<string, string>>) =>
  streams.filter(({ name }) => name === stream).flatMap((declared) => chooseSources(declared, choices).map(({ name }) => name));

describe('chooseSources', () => {
  it('takes the sources that a choice names, and the default where there is none', () => {
    expect(namesOf('audit')).toEqual(['v1']);
    expect(namesOf('audit', { audit_api: 'v2' })).toEqual(['v2']);
    expect(namesOf('audit', { audit_api: 'both' })).toEqual(['v1', 'v2']);
  });

  it('takes all sources that nothing chooses between', () => {
    expect(namesOf('logpull', { audit_api: 'v2' })).toEqual(['received']);
    expect(namesOf('collector')).toEqual([]);
  });
});
