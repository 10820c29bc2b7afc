import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { DEMO_CREDENTIALS } from '../../_dev/cloudflare/credentials.ts';
import type { CloudflareOptions, CredentialOptions } from '../../_dev/cloudflare/options.ts';
import { SWITCHES, type Switches } from '../../_dev/cloudflare/switches.ts';
import { engineOrSkip } from '../engines.ts';
import { installScene, openScene, type Scene } from './open-scene.ts';
import { ACCOUNT, ALL_STORED, openSmallWorld, reachNextSecond, type SmallWorld, toMinute, ZONE } from './small-world.ts';

const { engine, describeEngine } = await engineOrSkip();

// Generous: a machine may have other work.
vi.setConfig({ testTimeout: 180_000 });

const HOUR = 3_600_000;
const START = toMinute(Date.now());

/** How a switch is put to the test. */
interface Trial<Value> {
  /** Every value, or some where it is a number of milliseconds. */
  readonly values: readonly Value[];
  /** What makes the switch matter. */
  readonly world?: CloudflareOptions;
  /** Collects; by default once, with both streams, and all must be settled. */
  readonly collect?: (world: SmallWorld, value: Value) => Promise<void>;
}

async function collectAll(world: SmallWorld): Promise<void> {
  const ended = await world.collect(await world.configure());
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
}

/** First with a token that Cloudflare does not know: nothing may start, nothing be stored, no checkpoint move. */
async function collectAfterRefusal(world: SmallWorld): Promise<void> {
  const refused = await world.collect(await world.configure([world.toConnection({ api_token: 'x'.repeat(40) })]));
  expect(refused, refused.stderr).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toMatch(/audit of c3c3.* paused: .*(Check api_token|permission ."Account Settings Read)/);
  expect(refused.stderr).toMatch(/logpull of d4d4.* paused: .*(Check api_token|permission ."Logs Read)/);
  expect(await world.readStream('audit')).toEqual([]);
  await collectAll(world);
}

async function collectBesideWrongId(world: SmallWorld): Promise<void> {
  const streams = { audit: { account_id: [ACCOUNT, 'e'.repeat(32)], initial_interval: '50h' }, logpull: { zone_id: [ZONE], initial_interval: '150m' } };
  const ended = await world.collect(await world.configure([world.toConnection({ streams })]));
  expect(ended, ended.stderr).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/audit of e{32} paused: .*Check the id of account e{32}/) });
}

/** Two tokens of one user. */
const OTHER = { kind: 'user_token', token: 'y'.repeat(44), email: DEMO_CREDENTIALS[0].email } as const satisfies CredentialOptions;

async function collectWithTwoTokens(world: SmallWorld): Promise<void> {
  const both = { audit: { account_id: ACCOUNT, initial_interval: '50h' }, logpull: { zone_id: ZONE, initial_interval: '150m' } };
  const connections = [
    world.toConnection({ name: 'first', streams: { audit: both.audit } }),
    world.toConnection({ name: 'second', api_token: OTHER.token, streams: { logpull: both.logpull } }),
  ];
  const ended = await world.collect(await world.configure(connections));
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
}

const OWNED = { kind: 'account_token', token: 'z'.repeat(44), accountId: ACCOUNT } as const satisfies CredentialOptions;

async function collectAsAccount(world: SmallWorld, value: Switches['logpullAccountOwnedTokens']): Promise<void> {
  const ended = await world.collect(await world.configure([world.toConnection({ api_token: OWNED.token })]));
  expect(ended, ended.stderr).toMatchObject({ exitCode: value === 'allowed' ? 0 : 1 });
  if (value === 'allowed') return;
  expect(ended.stderr).toMatch(/logpull of d4d4.* paused: /);
  expect((await world.readStream('audit')).length).toBeGreaterThan(100);
  await collectAll(world);
}

/** Somebody whom the list does not know: what is stored stays as the ledger has it. */
const NOBODY = { id: 'nobody', when: new Date(START - HOUR).toISOString(), actor: { id: '9'.repeat(32), type: 'user' } };

async function collectResolving(world: SmallWorld, value: Switches['membersList']): Promise<void> {
  const streams = { audit: { account_id: [ACCOUNT], initial_interval: '50h', resolve_members: true }, logpull: { zone_id: [ZONE], initial_interval: '150m' } };
  const ended = await world.collect(await world.configure([world.toConnection({ streams })]));
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
  const asked = world.cloudflare.ledger.requests.filter(({ path }) => path.endsWith('/members'));
  expect(asked.map(({ status }) => status)).toEqual([value === 'permitted' ? 200 : 403]);
  expect(ended.stderr.includes('events keep the ids of persons alone')).toBe(value === 'refused');
}

/** Events that are late are found by the overlap of the next run. */
async function collectTwice(world: SmallWorld, delayMs: number): Promise<void> {
  await collectAll(world);
  world.cloudflare.clock.advance(delayMs);
  await reachNextSecond();
  await collectAll(world);
}

/** Events at every whole second around the ends of windows. */
const EDGES = [26, 2].flatMap((hours) =>
  Array.from({ length: 90 }, (_, index) => ({
    id: `edge-${hours}-${index}`,
    when: new Date(START - hours * HOUR + index * 1000).toISOString().replace('.000', ''),
  })),
);
const edges: CloudflareOptions = { accounts: [{ extraEvents: EDGES }] };

const TRIALS: { readonly [Name in keyof Switches]: Trial<Switches[Name]> } = {
  v1Cap3000: { values: [false, true], world: { accounts: [{ auditEventsPerHour: 150, eventsFrom: START - 22 * HOUR }] } },
  indexingDelayMs: { values: [0, 300_000], world: { accounts: [{ auditEventsPerHour: 600, eventsFrom: START - HOUR }] }, collect: collectTwice },
  sinceInclusive: { values: [true, false], world: edges },
  beforeInclusive: { values: [true, false], world: edges },
  pastLastPage: { values: ['empty', 400], world: { accounts: [{ auditEventsPerHour: 0, bursts: [{ at: START - 3 * HOUR, count: 1000 }] }] } },
  emptyResult: { values: ['array', 'null'], world: { accounts: [{ eventsFrom: START - 2 * HOUR }] } },
  resultInfo: { values: [true, false], world: { accounts: [{ auditEventsPerHour: 60 }] } },
  v2Cursor: { values: ['cursor', 'cursors.after'] },
  v2Count: { values: ['string', 'number'] },
  v2LastCursor: { values: [true, false] },
  authStatus: { values: ['documented', 400, 401, 403], collect: collectAfterRefusal },
  unknownToken: { values: ['documented', 9109, 10000], collect: collectAfterRefusal },
  routeStatus: { values: [404, 400], collect: collectBesideWrongId },
  accountsList: { values: ['permitted', 'narrowed'] },
  zonesList: { values: ['permitted', 'narrowed'] },
  membersList: { values: ['permitted', 'refused'], world: { accounts: [{ extraEvents: [NOBODY] }] }, collect: collectResolving },
  rateLimitAcrossTokens: {
    values: [true, false],
    world: { credentials: [DEMO_CREDENTIALS[0], OTHER], limits: { requests: 2, windowMs: 1500, blockMs: 1500 } },
    collect: collectWithTwoTokens,
  },
  logpullAccountOwnedTokens: { values: ['allowed', 'refused'], world: { credentials: [DEMO_CREDENTIALS[0], OWNED] }, collect: collectAsAccount },
  logpullMinDelayMs: { values: [60_000, 300_000] },
  accessPageSize: { values: ['limit', 'per_page'] },
  shuffleKeys: { values: [true, false] },
  crlf: { values: [true, false] },
};

const cases = Object.entries(TRIALS).flatMap(([name, trial]) => trial.values.map((value) => [name, value, trial as Trial<unknown>] as const));

it('every switch has a trial for each of its values', () => {
  const declared = Object.entries(SWITCHES).flatMap(([name, { values }]) => (values === 'ms' ? [] : values.split('|').map((value) => `${name}=${value}`)));
  const tried = cases.map(([name, value]) => `${name}=${value}`);
  expect(Object.keys(TRIALS)).toEqual(Object.keys(SWITCHES));
  expect(declared.filter((value) => !tried.includes(value))).toEqual([]);
});

describeEngine('what is stored is what the ledger holds', () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await openScene(engine);
    await installScene(scene);
  });

  afterAll(() => scene.close());

  it.concurrent.each(cases)(
    'with %s = %s',
    async (name, value, { collect = collectAll, world: options }) => {
      const world = await openSmallWorld(scene, { ...options, switches: { [name]: value } });
      try {
        await collect(world, value);
        expect(await world.compare()).toEqual(ALL_STORED);
        expect(world.cloudflare.ledger.bugs).toEqual([]);
      } finally {
        await world.close();
      }
    },
    90_000,
  );
});
