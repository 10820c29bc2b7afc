import { expect, it } from 'vitest';
import { programOrSkip } from '../skipping.ts';
import { type SeenRequest, useServer } from './answering-server.ts';
import { logpull } from './definition.ts';
import { type CelRound, runSource, toPublished } from './run-mito.ts';

const { path: mito, describeProgram } = programOrSkip('MITO', 'mito, which runs CEL programs,');
const a = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const b = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';
const server = useServer();

const run = (state: object): Promise<readonly CelRound[]> => runSource(mito, logpull, { url: server.base(), scopes: [a], ...state });

/** The requests for lines, and those for the names of fields. */
function requestsFor(what: 'lines' | 'fields'): readonly SeenRequest[] {
  return server.requests().filter(({ url }) => url.pathname.endsWith('/fields') === (what === 'fields'));
}

const fieldsOf = ({ url }: SeenRequest): string | null => url.searchParams.get('fields');

/** Answers with a body where lines are asked for, and otherwise with the names of these fields. */
function answerLines(body: string, offered: readonly string[] = ['ClientIP', 'ClientASN', 'RayID', 'EdgeStartTimestamp']): void {
  server.answer((url, response) => {
    const list = JSON.stringify(Object.fromEntries(offered.map((name) => [name, `About ${name}.`])));
    response.end(url.pathname.endsWith('/fields') ? list : body);
  });
}

describeProgram('the CEL program of request logs', () => {
  const lines = ['{"RayID":"x","EdgeStartTimestamp":1700000000000000001}', 'no JSON inside', '{"RayID":"<y>"}'];

  it('takes each line as it is', async () => {
    answerLines(`${lines.join('\r\n')}\r\n\n`);
    const rounds = await run({ initial_interval: '30m' });
    expect(toPublished(rounds)).toEqual(lines.map((message) => ({ message, _conf: { source: 'received', zone_id: a } })));
    const [request] = requestsFor('lines');
    expect(Object.fromEntries(request?.url.searchParams ?? [])).toMatchObject({ fields: 'RayID,EdgeStartTimestamp,ClientIP', timestamps: 'unixnano' });
    expect(rounds.at(-1)?.cursor).toEqual({ [a]: { until: request?.url.searchParams.get('end') } });
  });

  it.each([
    ['ClientASN, RayID', 'RayID,EdgeStartTimestamp,ClientASN'],
    ['standard, ClientASN, ClientIP', 'RayID,EdgeStartTimestamp,ClientIP,ClientASN'],
  ])('asks for those of the id, then for %s', async (fields, asked) => {
    answerLines('');
    await run({ fields: [fields], initial_interval: '30m' });
    expect(requestsFor('lines').map(fieldsOf)).toEqual([asked]);
  });

  it('asks for those of the id alone where the form was emptied', async () => {
    answerLines('');
    await run({ fields: [null], initial_interval: '30m' });
    expect(requestsFor('lines').map(fieldsOf)).toEqual(['RayID,EdgeStartTimestamp']);
  });

  it('leaves out what a zone does not offer, and asks each zone once', async () => {
    answerLines('', ['RayID', 'ClientASN']);
    const rounds = await run({ scopes: [a, b], fields: ['standard,ClientASN'] });
    expect(requestsFor('lines').map(fieldsOf)).toEqual(Array.from({ length: 4 }, () => 'RayID,EdgeStartTimestamp,ClientASN'));
    expect(requestsFor('fields').map(({ url }) => url.pathname)).toEqual([a, b].map((zone) => `/client/v4/zones/${zone}/logs/received/fields`));
    expect(Object.values(rounds.at(-1)?.offered ?? {}).map((names) => [...(names as readonly string[])].toSorted())).toEqual([
      ['ClientASN', 'RayID'],
      ['ClientASN', 'RayID'],
    ]);
  });

  it.each([403, 500])('leaves out nothing where the zone refuses to say what it offers with %i, and asks again', async (status) => {
    server.answer((url, response) => {
      if (url.pathname.endsWith('/fields')) response.statusCode = status;
      response.end();
    });
    const rounds = await run({});
    expect(requestsFor('lines').map(fieldsOf)).toEqual(['RayID,EdgeStartTimestamp,ClientIP', 'RayID,EdgeStartTimestamp,ClientIP']);
    expect(requestsFor('fields')).toHaveLength(2);
    expect(rounds.at(-1)).not.toHaveProperty('offered');
  });

  it('reads windows without gap or overlap', async () => {
    answerLines('');
    await run({});
    const [first, second] = requestsFor('lines').map(({ url }) => url.searchParams);
    expect(requestsFor('lines')).toHaveLength(2);
    expect(second?.get('start')).toBe(first?.get('end'));
  });

  it.each([
    ['ends in the error line', `${lines[0]}\nError streaming data\n`],
    ['is cut', `${lines[0]}\n{"RayID":"z","Client`],
  ])('does not take a body for a window that %s', async (_, body) => {
    answerLines(body);
    const rounds = await run({});
    expect(rounds).toMatchObject([{ events: { error: { message: expect.stringContaining('the answer ends early') as string } }, failures: { [a]: 1 } }]);
    expect(rounds[0]).not.toHaveProperty('cursor');
  });
});
