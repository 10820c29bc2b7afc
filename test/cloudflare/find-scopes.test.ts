import { afterEach, describe, expect, it } from 'vitest';
import type { CredentialOptions } from '../../_dev/cloudflare/options.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../_dev/cloudflare/start-cloudflare.ts';
import { chooseScopes, findScopes } from '../../src/cloudflare/find-scopes.ts';
import { type FollowedScope, followScopes } from '../../src/cloudflare/follow-scopes.ts';
import { type Cloudflare, openCloudflare } from '../../src/cloudflare/open-cloudflare.ts';
import { connectionTo, createTiming } from './sources.ts';

const [ACCOUNT, OTHER] = ['a'.repeat(32), 'b'.repeat(32)];
const [FIRST, SECOND, THIRD] = ['1', '2', '3'].map((digit) => digit.repeat(32)) as [string, string, string];
const WIDE = 'w'.repeat(44);
const NARROW = 'n'.repeat(44);
const OWNED = 'o'.repeat(44);
const signal = new AbortController().signal;

const credentials: readonly CredentialOptions[] = [
  { kind: 'user_token', token: WIDE },
  { kind: 'user_token', token: NARROW, grants: { [FIRST]: ['Logs Read'], [SECOND]: ['Logs Read', 'Zone Read'], [OTHER]: ['Access: Audit Logs Read'] } },
  { kind: 'account_token', token: OWNED, accountId: ACCOUNT },
];

let api: SimulatedCloudflare | undefined;
let cloudflare: Cloudflare | undefined;
afterEach(async () => {
  await cloudflare?.close();
  await api?.close();
});

async function open(token: string): Promise<Cloudflare> {
  api = await startCloudflare({
    limits: 'off',
    credentials,
    accounts: [
      { id: ACCOUNT, name: 'Example' },
      { id: OTHER, name: 'Other' },
    ],
    zones: [
      { id: FIRST, name: 'example.com', account: ACCOUNT },
      { id: SECOND, name: 'shop.example.com', account: ACCOUNT },
      { id: THIRD, name: 'example.org', account: OTHER },
    ],
  });
  const connection = connectionTo(api.url, { credential: { kind: 'token', token } });
  cloudflare = await openCloudflare(connection, { version: '0.1.0', timing: createTiming() });
  return cloudflare;
}

describe('findScopes', () => {
  it('takes every account that the credential sees, however the API narrows its list', async () => {
    const all = { scope: 'account', names: [] } as const;
    const opened = await open(NARROW);
    expect((await findScopes(opened, all, signal)).chosen).toEqual([{ id: OTHER, name: 'Other' }]);
    api?.setSwitch('accountsList', 'narrowed');
    expect((await findScopes(opened, all, signal)).chosen).toEqual([]);
  });

  it('takes every zone that the credential sees, with its account', async () => {
    const all = { scope: 'zone', names: [] } as const;
    const opened = await open(NARROW);
    expect((await findScopes(opened, all, signal)).chosen.map(({ id }) => id)).toEqual([FIRST, SECOND, THIRD]);
    api?.setSwitch('zonesList', 'narrowed');
    expect((await findScopes(opened, all, signal)).chosen).toEqual([{ id: SECOND, name: 'shop.example.com', accountId: ACCOUNT }]);
  });

  it('chooses by name', async () => {
    const found = await findScopes(await open(WIDE), { scope: 'zone', names: ['*.com', '!shop.*'] }, signal);
    expect(found.chosen.map(({ id }) => id)).toEqual([FIRST]);
    expect(found.leftOut.map(({ id }) => id)).toEqual([SECOND, THIRD]);
  });

  it('says what to do where a token that an account owns asks for accounts; zones it may list', async () => {
    const opened = await open(OWNED);
    const listing = findScopes(opened, { scope: 'account', names: [] }, signal);
    await expect(listing).rejects.toMatchObject({ act: 'pause', codes: [1001], hint: expect.stringContaining('Name the account ids in the settings') });
    expect((await findScopes(opened, { scope: 'zone', names: [] }, signal)).chosen.map(({ id }) => id)).toEqual([FIRST, SECOND]);
  });
});

describe('chooseScopes', () => {
  const names = ['example.com', 'shop.example.com', 'EXAMPLE.org', 'exampleXcom', 'a+b (test)'];
  const listed = names.map((name) => ({ id: name, name }));

  it.each<[patterns: readonly string[], chosen: readonly string[]]>([
    [[], names],
    [['example.com'], ['example.com']],
    [['*.example.com'], ['shop.example.com']],
    [['example.*'], ['example.com', 'EXAMPLE.org']],
    [['Example.org'], ['EXAMPLE.org']],
    [['example?com'], ['example.com', 'exampleXcom']],
    [['a+b (*)'], ['a+b (test)']],
    [['!*.com'], ['EXAMPLE.org', 'exampleXcom', 'a+b (test)']],
    [['!shop.*', '*.com'], ['example.com']],
    [['example.com', '!example.com'], []],
    [['none'], []],
  ])('%j', (patterns, chosen) => {
    const found = chooseScopes(listed, patterns);
    expect(found.chosen.map(({ name }) => name)).toEqual(chosen);
    expect(found.leftOut).toHaveLength(names.length - chosen.length);
  });

  it('takes active zones only, whatever their name', () => {
    const zones = ['active', 'pending', 'moved', undefined].map((status, index) => ({
      id: String(index),
      name: 'a',
      ...(status === undefined ? {} : { status }),
    }));
    const { chosen, inactive } = chooseScopes(zones, ['a']);
    expect([chosen, inactive].map((scopes) => scopes.map(({ id }) => id))).toEqual([
      ['0', '3'],
      ['1', '2'],
    ]);
  });
});

describe('followScopes', () => {
  const [a, b] = ['a', 'b'].map((id) => ({ id, name: id.toUpperCase() })) as [{ id: string; name: string }, { id: string; name: string }];
  const ids = (scopes: readonly { readonly id: string }[]): string => scopes.map(({ id }) => id).join('');

  /** What each list in turn changes. */
  function follow(lists: readonly (readonly { readonly id: string; readonly name: string }[])[]): readonly string[] {
    let known: readonly FollowedScope[] = [];
    return lists.map((list) => {
      const { followed, begun, missing, ended } = followScopes(known, list);
      known = followed;
      return `${ids(followed)} +${ids(begun)} ?${ids(missing)} -${ids(ended)}`;
    });
  }

  it.each<[what: string, lists: readonly (readonly { readonly id: string; readonly name: string }[])[], changes: readonly string[]]>([
    ['begins new ones', [[a], [a, b]], ['a +a ? -', 'ab +b ? -']],
    ['ends one that two lists in a row do not have', [[a, b], [a], [a], [a]], ['ab +ab ? -', 'ab + ?b -', 'a + ? -b', 'a + ? -']],
    ['forgives one bad list', [[a, b], [], [a, b], [a]], ['ab +ab ? -', 'ab + ?ab -', 'ab + ? -', 'ab + ?b -']],
    ['begins one again that has ended', [[a], [], [], [a]], ['a +a ? -', 'a + ?a -', ' + ? -a', 'a +a ? -']],
  ])('%s', (_what, lists, changes) => {
    expect(follow(lists)).toEqual(changes);
  });
});
