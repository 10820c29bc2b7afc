import { expect, it } from 'vitest';
import { programOrSkip } from '../skipping.ts';
import { useServer } from './answering-server.ts';
import { logpull } from './definition.ts';
import { type CelRound, runSource, toPublished } from './run-mito.ts';

const { path: mito, describeProgram } = programOrSkip('MITO', 'mito, which runs CEL programs,');
const a = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const server = useServer();

const run = (state: object): Promise<readonly CelRound[]> => runSource(mito, logpull, { url: server.base(), scopes: [a], ...state });

describeProgram('the CEL program of request logs', () => {
  const lines = ['{"RayID":"x","EdgeStartTimestamp":1700000000000000001}', 'no JSON inside', '{"RayID":"<y>"}'];

  it('takes each line as it is', async () => {
    server.answer((_, response) => void response.end(`${lines.join('\r\n')}\r\n\n`));
    const rounds = await run({ initial_interval: '30m' });
    expect(toPublished(rounds)).toEqual(lines.map((message) => ({ message, _conf: { source: 'received', zone_id: a } })));
    expect(Object.fromEntries(server.requests()[0]?.url.searchParams ?? [])).toMatchObject({
      fields: 'ClientIP,RayID,EdgeStartTimestamp',
      timestamps: 'unixnano',
    });
    expect(rounds.at(-1)?.cursor).toEqual({ [a]: { until: server.requests()[0]?.url.searchParams.get('end') } });
  });

  it('asks for named fields and for those of the id', async () => {
    server.answer((_, response) => void response.end());
    await run({ fields: ['ClientASN, RayID'], initial_interval: '30m' });
    expect(server.requests()[0]?.url.searchParams.get('fields')).toBe('ClientASN,RayID,EdgeStartTimestamp');
  });

  it('reads windows without gap or overlap', async () => {
    server.answer((_, response) => void response.end());
    await run({});
    const [first, second] = server.requests().map(({ url }) => url.searchParams);
    expect(server.requests()).toHaveLength(2);
    expect(second?.get('start')).toBe(first?.get('end'));
  });

  it.each([
    ['ends in the error line', `${lines[0]}\nError streaming data\n`],
    ['is cut', `${lines[0]}\n{"RayID":"z","Client`],
  ])('does not take a body for a window that %s', async (_, body) => {
    server.answer((_url, response) => void response.end(body));
    const rounds = await run({});
    expect(rounds).toMatchObject([{ events: { error: { message: expect.stringContaining('the answer ends early') as string } }, failures: { [a]: 1 } }]);
    expect(rounds[0]).not.toHaveProperty('cursor');
  });
});
