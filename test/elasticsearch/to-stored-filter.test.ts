import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { toStoredFilter } from '../../src/elasticsearch/to-stored-filter.ts';

const { streams } = await readDefinition('.');
const all = streams.flatMap((stream) => stream.sources.map((source) => [`${stream.name} ${source.name}`, stream, source] as const));
const cases = all.filter(([, , { scope }]) => scope !== 'user');

describe('toStoredFilter', () => {
  it.each(cases)('tells documents of %s apart by account or zone, and by source where there are several', (_name, stream, source) => {
    const filter = toStoredFilter(stream, { source: source.name, scopeId: 'abc' });
    const values = (filter ?? []).flatMap((clause) => Object.values((clause as { readonly term: Readonly<Record<string, string>> }).term));
    expect(values).toEqual(stream.sources.length > 1 ? ['abc', source.name] : ['abc']);
  });

  it('names the fields', () => {
    const [audit, logpull] = ['audit', 'logpull'].map((name) => streams.find((stream) => stream.name === name));
    expect(audit && toStoredFilter(audit, { source: 'v2', scopeId: 'a' })).toEqual([
      { term: { 'cloud.account.id': 'a' } },
      { term: { 'cloudflare.audit.api': 'v2' } },
    ]);
    expect(logpull && toStoredFilter(logpull, { source: 'received', scopeId: 'z' })).toEqual([{ term: { 'cloudflare.logpull.zone.id': 'z' } }]);
  });

  it('is undefined for a user, whom a document does not name as the one whose log it is from', () => {
    const users = all.filter((one) => !cases.includes(one));
    expect(users.map(([name]) => name)).toEqual(['user_audit v1']);
    for (const [, stream, { name }] of users) expect(toStoredFilter(stream, { source: name, scopeId: 'user' })).toBeUndefined();
  });

  it('is undefined where a document does not tell', () => {
    const stream = streams.find(({ name }) => name === 'audit');
    if (stream === undefined) throw new Error('audit is not declared');
    const fieldsWithout = (name: string) => ({ ...stream, fields: stream.fields.filter((field) => field.name !== name) });
    expect(toStoredFilter(fieldsWithout('cloud.account.id'), { source: 'v1', scopeId: 'a' })).toBeUndefined();
    expect(toStoredFilter(fieldsWithout('cloudflare.audit.api'), { source: 'v1', scopeId: 'a' })).toBeUndefined();
    expect(toStoredFilter(stream, { source: 'v9', scopeId: 'a' })).toBeUndefined();
  });
});
