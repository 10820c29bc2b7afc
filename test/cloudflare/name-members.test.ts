import { describe, expect, it } from 'vitest';
import type { Member } from '../../src/cloudflare/list-members.ts';
import { nameMembers, openFindPersons } from '../../src/cloudflare/name-members.ts';
import type { CollectedRecord } from '../../src/cloudflare/to-record.ts';
import type { MembersDefinition } from '../../src/definition/members-definition.ts';
import { ACCOUNT } from './sources.ts';

const ANN = 'a'.repeat(32);
const BOB = 'b'.repeat(32);
const members: MembersDefinition = {
  actor: { id: 'actor.id', unless: ['actor.email'], when: {} },
  target: {
    id: 'resource.id',
    unless: ['metadata.email'],
    otherThan: 'actor.id',
    when: { 'resource.type': ['user', 'member'], 'resource.product': ['members'] },
  },
};
const signal = new AbortController().signal;

describe('openFindPersons', () => {
  const find = openFindPersons(members, ACCOUNT);
  const actor = { role: 'actor', id: ANN };
  const target = { role: 'target', id: BOB };

  it.each([
    ['an actor without e-mail', { actor: { id: ANN } }, [actor]],
    ['an actor whose e-mail is empty or null', { actor: { email: '', id: ANN } }, [actor]],
    ['no actor with an e-mail', { actor: { id: ANN, email: 'ann@example.com' } }, []],
    ['no actor that is the account', { actor: { id: ACCOUNT } }, []],
    ['nobody in the system', { actor: { id: '1', type: 'system' } }, []],
    ['nobody in a number', { actor: { id: 1111111111 } }, []],
    ['a resource that is a user, in whatever case', { actor: { id: ANN }, resource: { id: BOB, type: 'User' } }, [actor, target]],
    ['a resource of a product', { resource: { id: BOB, product: 'members', type: 'x' } }, [target]],
    ['no resource of another kind', { resource: { id: BOB, type: 'zone' } }, []],
    ['no resource without a kind', { resource: { id: BOB } }, []],
    ['no resource that the record names', { metadata: { email: 'bob@example.com' }, resource: { id: BOB, type: 'user' } }, []],
    ['no resource that is the actor', { actor: { id: ANN, email: 'ann@example.com' }, resource: { id: ANN, type: 'user' } }, []],
    ['nobody in an empty record', {}, []],
  ])('finds %s', (_what, record, expected) => {
    expect(find(Buffer.from(JSON.stringify(record)))).toEqual(expected);
  });

  it('finds nobody in bytes that are no record', () => {
    for (const text of ['', '[]', '{"actor":{"id":', `{"actor":{"id":"${ANN}"}} x`]) expect(find(Buffer.from(text))).toEqual([]);
  });
});

describe('nameMembers', () => {
  const toRecord = (id: string, record: object): CollectedRecord => ({ id, timeMs: 1, raw: Buffer.from(JSON.stringify(record)) });
  const known = new Map<string, Member>([[ANN, { name: 'Ann', email: 'ann@example.com' }]]);

  /** Names the records of these batches; resolves with what came out and who was looked up. */
  async function name(batches: readonly (readonly CollectedRecord[])[], warning?: string) {
    const asked: (readonly string[])[] = [];
    const warnings: string[] = [];
    const find = async (accountId: string, ids: readonly string[]) => {
      asked.push([accountId, ...ids]);
      return { members: known, ...(warning === undefined ? {} : { warning }) };
    };
    async function* read() {
      yield* batches;
    }
    const options = { members, accountId: ACCOUNT, find, warn: (message: string) => void warnings.push(message) };
    const named: (readonly CollectedRecord[])[] = [];
    for await (const batch of nameMembers(read(), options, signal)) named.push(batch);
    return { named, asked, warnings };
  }

  it('adds what is known, asks once for a batch, and changes no byte and no id', async () => {
    const batch = [
      toRecord('1', { actor: { id: ANN } }),
      toRecord('2', { actor: { id: ANN }, resource: { id: BOB, type: 'user' } }),
      toRecord('3', { actor: { email: 'x' } }),
    ];
    const { named, asked } = await name([batch]);
    expect(asked).toEqual([[ACCOUNT, ANN, BOB]]);
    expect(named).toHaveLength(1);
    expect(named[0]?.map(({ conf }) => conf)).toEqual([{ actor: known.get(ANN) }, { actor: known.get(ANN) }, undefined]);
    expect(named[0]?.map(({ id, timeMs }) => [id, timeMs])).toEqual(batch.map(({ id, timeMs }) => [id, timeMs]));
    for (const [index, record] of batch.entries()) expect(named[0]?.[index]?.raw).toBe(record.raw);
  });

  it('asks nobody where every record names its persons itself', async () => {
    const batches = [[toRecord('1', { actor: { email: 'x' } })], []];
    const { named, asked } = await name(batches);
    expect(asked).toEqual([]);
    expect(named).toEqual(batches);
  });

  it('hands warnings on', async () => {
    expect((await name([[toRecord('1', { actor: { id: BOB } })]], 'refused')).warnings).toEqual(['refused']);
  });
});
