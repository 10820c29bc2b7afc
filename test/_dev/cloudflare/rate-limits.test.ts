import { describe, expect, it } from 'vitest';
import { type Answer, KEY_HEADERS, NOW, openWorld, TOKEN_HEADERS, toTime, type World } from './open-world.ts';

async function repeat(times: number, ask: () => Promise<Answer>): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let turn = 0; turn < times; turn++) statuses.push((await ask()).status);
  return statuses;
}

function received({ get, zones }: World, zone = 0): Promise<Answer> {
  return get(`/zones/${zones[zone]?.id}/logs/received?start=${toTime(NOW - 600_000)}&end=${toTime(NOW - 599_000)}`);
}

describe('the limit of a user', () => {
  it('is on every answer and blocks everything for its time', async () => {
    const { clock, get } = await openWorld({ limits: { requests: 3 } });
    const first = await get('/user');
    expect([first.headers.get('ratelimit'), first.headers.get('ratelimit-policy')]).toEqual(['"default";r=2;t=300', '"default";q=3;w=300']);
    clock.advance(200_000);
    expect(await repeat(2, () => get('/zones'))).toEqual([200, 200]);
    const refused = await get('/user');
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('ratelimit')]).toEqual([429, '300', '"default";r=0;t=300']);
    expect(refused.text).toContain('Please wait and consider throttling your request speed');
    clock.advance(299_000);
    expect((await get('/zones')).headers.get('retry-after')).toBe('1');
    clock.advance(1000);
    expect((await get('/zones')).status).toBe(200);
  });

  it('starts anew when its window is over', async () => {
    const { clock, get } = await openWorld({ limits: { requests: 2 } });
    expect(await repeat(2, () => get('/user'))).toEqual([200, 200]);
    clock.advance(300_000);
    expect(await repeat(2, () => get('/user'))).toEqual([200, 200]);
  });

  it('counts all tokens and the key of a user, unless the switch says otherwise', async () => {
    const together = await openWorld({ limits: { requests: 2 } });
    await repeat(2, () => together.get('/user', TOKEN_HEADERS));
    expect((await together.get('/user', KEY_HEADERS)).status).toBe(429);
    const apart = await openWorld({ limits: { requests: 2 }, switches: { rateLimitAcrossTokens: false } });
    await repeat(2, () => apart.get('/user', TOKEN_HEADERS));
    expect((await apart.get('/user', KEY_HEADERS)).status).toBe(200);
  });

  it('is 1200 in five minutes by default', async () => {
    const { get } = await openWorld({ limits: {} });
    expect((await get('/user')).headers.get('ratelimit-policy')).toBe('"default";q=1200;w=300');
  });
});

describe('the limits of Logpull', () => {
  it('are 15 a minute for one zone', async () => {
    const world = await openWorld({ limits: {} });
    expect(await repeat(16, () => received(world))).toEqual([...new Array<number>(15).fill(200), 429]);
    expect((await received(world)).headers.get('retry-after')).toBe('60');
    expect((await received(world, 1)).status).toBe(200);
    expect((await world.get('/user')).status).toBe(200);
    world.clock.advance(60_000);
    expect((await received(world)).status).toBe(200);
  });

  it('are one number for all zones of a user', async () => {
    const world = await openWorld({ limits: { logpullPerUser: 4 } });
    await repeat(2, () => received(world, 0));
    await repeat(2, () => received(world, 1));
    expect((await received(world, 0)).status).toBe(429);
  });

  it('block for an hour after too many time-outs', async () => {
    const world = await openWorld({ limits: { logpullTimeouts: 2 } });
    const fault = world.faults.add({ match: { path: '/logs/received' }, answer: { status: 408 } });
    expect(await repeat(3, () => received(world))).toEqual([408, 408, 408]);
    fault.remove();
    expect((await received(world)).headers.get('retry-after')).toBe('3600');
    world.clock.advance(3_600_000);
    expect((await received(world)).status).toBe(200);
  });
});
