import { describe, expect, it } from 'vitest';
import type { MemberList } from '../../src/cloudflare/list-members.ts';
import { createMemberDirectory } from '../../src/cloudflare/member-directory.ts';
import { CloudflareError, InterruptedError } from '../../src/errors.ts';

const MINUTE = 60_000;
const signal = new AbortController().signal;

function toList(...ids: readonly string[]): MemberList {
  return { byId: new Map(ids.map((id) => [id, { email: `${id}@example.com` }])), count: ids.length, isCut: false };
}

const refused = new CloudflareError('listing the members of account a: Cloudflare answered 403', { hint: 'Grant it.', act: 'pause', status: 403 });
const unreachable = new CloudflareError('listing the members of account a: no answer', { hint: 'Wait.', act: 'retry' });

/** A directory whose lists and time the test sets. */
function open(options: { readonly most?: number; readonly patienceMs?: number } = {}) {
  const world = { now: 0, list: async (_accountId: string, _signal: AbortSignal): Promise<MemberList> => toList('ann'), asked: [] as string[] };
  const find = createMemberDirectory({
    ...options,
    now: () => world.now,
    list: (accountId, given) => {
      world.asked.push(accountId);
      return world.list(accountId, given);
    },
  });
  const names = async (account: string, ...ids: readonly string[]) => [...(await find(account, ids, signal)).members.keys()];
  return { world, find, names };
}

describe('createMemberDirectory', () => {
  it('asks once for the list, and again when it is an hour old', async () => {
    const { world, names } = open();
    expect(await names('a', 'ann')).toEqual(['ann']);
    world.now = 60 * MINUTE - 1;
    expect(await names('a', 'ann')).toEqual(['ann']);
    expect(world.asked).toEqual(['a']);
    world.list = async () => toList('bob');
    world.now = 60 * MINUTE;
    expect(await names('a', 'ann', 'bob')).toEqual(['bob']);
    expect(world.asked).toEqual(['a', 'a']);
  });

  it('asks again for an id that is new, at most every five minutes', async () => {
    const { world, names } = open();
    await names('a', 'ann');
    world.list = async () => toList('ann', 'bob');
    world.now = 5 * MINUTE - 1;
    expect(await names('a', 'bob')).toEqual([]);
    expect(world.asked).toHaveLength(1);
    world.now = 5 * MINUTE;
    expect(await names('a', 'ann', 'bob')).toEqual(['ann', 'bob']);
    expect(world.asked).toHaveLength(2);
  });

  it('does not ask again and again for somebody who is gone', async () => {
    const { world, names } = open();
    for (let minutes = 0; minutes < 60; minutes += 5) {
      world.now = minutes * MINUTE;
      await names('a', minutes % 2 === 0 ? 'gone' : 'left');
    }
    // The first list, and one that "left" asked for first.
    expect(world.asked).toHaveLength(2);
    world.now = 120 * MINUTE;
    await names('a', 'gone');
    expect(world.asked).toHaveLength(3);
  });

  it('keeps the members of each account apart', async () => {
    const { world, names } = open();
    world.list = async (accountId) => toList(`${accountId}-ann`);
    expect(await names('a', 'a-ann', 'b-ann')).toEqual(['a-ann']);
    expect(await names('b', 'a-ann', 'b-ann')).toEqual(['b-ann']);
  });

  it('asks once where two look at the same time', async () => {
    const { world, names } = open();
    expect(await Promise.all([names('a', 'ann'), names('a', 'ann')])).toEqual([['ann'], ['ann']]);
    expect(world.asked).toEqual(['a']);
  });

  it('warns once of a refusal, knows nobody then, and asks again after an hour', async () => {
    const { world, find } = open();
    await find('a', ['ann'], signal);
    world.list = () => Promise.reject(refused);
    const answers = [];
    for (const minutes of [60, 61, 66, 119, 120]) {
      world.now = minutes * MINUTE;
      answers.push(await find('a', ['ann'], signal));
    }
    expect(answers.map(({ warning }) => warning)).toEqual([
      'listing the members of account a: Cloudflare answered 403: events keep the ids of persons alone, and collecting goes on. Grant it.',
      ...[undefined, undefined, undefined, undefined],
    ]);
    expect(answers.every(({ members }) => members.size === 0)).toBe(true);
    expect(world.asked).toHaveLength(3);
    world.list = async () => toList('ann');
    world.now = 180 * MINUTE;
    expect((await find('a', ['ann'], signal)).members.size).toBe(1);
  });

  it('keeps what it knows while Cloudflare cannot be asked, and tries again after five minutes', async () => {
    const { world, find } = open();
    await find('a', ['ann'], signal);
    world.list = () => Promise.reject(unreachable);
    world.now = 60 * MINUTE;
    expect(await find('a', ['ann'], signal)).toMatchObject({ members: new Map([['ann', { email: 'ann@example.com' }]]), warning: expect.any(String) });
    world.now = 64 * MINUTE;
    await find('a', ['ann'], signal);
    expect(world.asked).toHaveLength(2);
    world.now = 65 * MINUTE;
    expect(await find('a', ['ann'], signal)).not.toHaveProperty('warning');
    expect(world.asked).toHaveLength(3);
  });

  it('gives up a list that takes too long, but ends when it is interrupted', async () => {
    const { world, find } = open({ patienceMs: 1 });
    world.list = (_accountId, given) =>
      new Promise((_resolve, reject) => given.addEventListener('abort', () => reject(new InterruptedError('interrupted', { hint: '' }))));
    expect(await find('a', ['ann'], signal)).toMatchObject({ warning: expect.stringContaining('took too long') });
    const stop = new AbortController();
    const patient = open();
    patient.world.list = world.list;
    const interrupted = patient.find('a', ['ann'], stop.signal);
    stop.abort();
    await expect(interrupted).rejects.toThrow(InterruptedError);
    patient.world.list = async () => toList('ann');
    expect(await patient.names('a', 'ann')).toEqual(['ann']);
  });

  it('throws what is no trouble with Cloudflare', async () => {
    const { world, find } = open();
    world.list = () => Promise.reject(new TypeError('a bug'));
    await expect(find('a', ['ann'], signal)).rejects.toThrow('a bug');
  });

  it('says once that an account has too many members', async () => {
    const { world, find } = open();
    world.list = async () => ({ ...toList('ann'), isCut: true });
    expect(await find('a', ['ann'], signal)).toMatchObject({ warning: 'account a has more members than are looked up: only 1 are known' });
    world.now = 60 * MINUTE;
    expect(await find('a', ['ann'], signal)).not.toHaveProperty('warning');
  });

  it('forgets the account used longest ago where it would hold too many', async () => {
    const { world, names } = open({ most: 2 });
    for (const account of ['a', 'b', 'a', 'c']) await names(account, 'ann');
    world.now = 5 * MINUTE;
    for (const account of ['a', 'c']) expect(await names(account, 'ann')).toEqual(['ann']);
    expect(world.asked).toEqual(['a', 'b', 'c']);
    await names('b', 'ann');
    expect(world.asked).toEqual(['a', 'b', 'c', 'b']);
  });
});
