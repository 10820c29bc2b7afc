import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NoElasticsearchError, provideElasticsearch } from '../../../_dev/elasticsearch/provide-elasticsearch.ts';

const log = (): void => undefined;
const basic = `Basic ${Buffer.from('el@stic:pass:word').toString('base64')}`;

interface Answers {
  readonly [path: string]: { readonly status: number; readonly body: unknown };
}

const answers: Answers = {
  '/_cluster/health': { status: 200, body: { status: 'green' } },
  '/_nodes?filter_path=nodes.*.version': { status: 200, body: { nodes: { a: { version: '9.2.0' } } } },
  '/_ingest/pipeline/_simulate': { status: 400, body: { error: 'No processor type exists with name [set]' } },
  '/_index_template/_simulate': { status: 200, body: {} },
  '/_data_stream': { status: 200, body: { data_streams: [] } },
};

/** A server that answers as little of Elasticsearch as the provider asks; 404 to everything else. */
async function serve(secured: boolean): Promise<string> {
  const server: Server = createServer((request: IncomingMessage, response) => {
    const { status, body } = answers[request.url ?? ''] ?? { status: 404, body: {} };
    const refused = secured && request.headers.authorization !== basic;
    response.writeHead(refused ? 401 : status).end(JSON.stringify(refused ? {} : body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function findClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('an engine at DEV_ELASTICSEARCH_URL', () => {
  it('is taken first, and asked what it can do', async () => {
    const host = await serve(false);
    const lines: string[] = [];
    const engine = await provideElasticsearch({
      env: { DEV_ELASTICSEARCH_URL: `http://${host}/`, ELASTICSEARCH_HOME: '/nonsense' },
      log: (line) => lines.push(line),
    });
    expect(engine).toMatchObject({ url: `http://${host}`, way: 'url', version: '9.2.0' });
    expect(engine.capabilities).toEqual({
      ingest: false,
      dataStreamApi: true,
      rootApi: false,
      lifecycle: true,
      stackTemplates: false,
      missingFieldTypes: [],
    });
    expect(engine.credentials).toBeUndefined();
    expect(lines).toEqual([`Elasticsearch: 9.2.0 by way of url, DEV_ELASTICSEARCH_URL=http://${host} (it comes first), at http://${host}`]);
  });

  it('keeps running when it is stopped', async () => {
    const host = await serve(false);
    const engine = await provideElasticsearch({ env: { DEV_ELASTICSEARCH_URL: `http://${host}` }, log });
    await engine.stop();
    await engine.stop();
    expect((await fetch(`${engine.url}/_cluster/health`)).status).toBe(200);
  });

  it('gets user and password out of the address', async () => {
    const host = await serve(true);
    const engine = await provideElasticsearch({ env: { DEV_ELASTICSEARCH_URL: `http://el%40stic:pass%3Aword@${host}` }, security: true, log });
    expect(engine).toMatchObject({ url: `http://${host}`, credentials: { username: 'el@stic', password: 'pass:word' } });
    expect(engine.why).not.toContain('pass');
  });

  it.each([
    ['the version is another', false, '', { version: '8.19.0' }, /url: http:\S+ is version 9\.2\.0, and 8\.19\.0 is wanted/],
    ['the password is missing', true, '', {}, /url: http:\S+ answers 401; put a user and password into DEV_ELASTICSEARCH_URL/],
    ['security is wanted and no user given', false, '', { security: true }, /url: DEV_ELASTICSEARCH_URL holds no user and password/],
    ['security is wanted and off', false, 'el%40stic:pass%3Aword@', { security: true }, /url: http:\S+ answers without credentials/],
  ])('is refused where %s', async (_case, secured, user, options, message) => {
    const env = { DEV_ELASTICSEARCH_URL: `http://${user}${await serve(secured)}` };
    await expect(provideElasticsearch({ env, ways: ['url'], log, ...options })).rejects.toThrow(message);
  });

  it('is refused where nothing answers, and the next way is tried', async () => {
    const url = `http://127.0.0.1:${await findClosedPort()}`;
    const lines: string[] = [];
    const env = { DEV_ELASTICSEARCH_URL: url, ELASTICSEARCH_HOME: '/nonsense' };
    await expect(provideElasticsearch({ env, ways: ['url', 'home'], log: (line) => lines.push(line) })).rejects.toThrow(NoElasticsearchError);
    expect(lines).toEqual([
      expect.stringMatching(
        `^Elasticsearch: not by way of url: nothing answers at ${url} \\(connect ECONNREFUSED .*\\); start it or unset DEV_ELASTICSEARCH_URL$`,
      ),
      expect.stringContaining('Elasticsearch: not by way of home: /nonsense is no unpacked Elasticsearch distribution'),
    ]);
  });

  it('is refused where the address is none', async () => {
    const env = { DEV_ELASTICSEARCH_URL: 'localhost' };
    await expect(provideElasticsearch({ env, ways: ['url'], log })).rejects.toThrow('url: DEV_ELASTICSEARCH_URL is no address');
  });
});

describe('no engine', () => {
  it('is one message that names the four ways and why each failed', async () => {
    const lines: string[] = [];
    const env = { PATH: '/nonsense', ES_JAVA_HOME: '/nonsense' };
    const error: Error = await provideElasticsearch({ env, ways: ['url', 'home', 'core'], log: (line) => lines.push(line) }).then(
      () => expect.fail('an engine came out of nothing'),
      (reason) => reason,
    );
    expect(error.message).toBe(`no Elasticsearch for development:
  url: DEV_ELASTICSEARCH_URL is not set
  home: ELASTICSEARCH_HOME is not set
  core: ES_JAVA_HOME=/nonsense has no bin/java
Give one of:
  url     DEV_ELASTICSEARCH_URL=http://[user:password@]127.0.0.1:9200, an Elasticsearch that runs already
  home    ELASTICSEARCH_HOME=FOLDER, an unpacked distribution (without a jdk in it: a JDK of 21 or newer, e.g. ES_JAVA_HOME=FOLDER)
  docker  a running Docker engine that has or can pull docker.elastic.co/elasticsearch/elasticsearch:VERSION
  core    the mvn client and a JDK of 21 or newer (fetches the server core, about 100 MB; without ingest processors)`);
    expect(lines).toEqual(['Elasticsearch: not by way of core: ES_JAVA_HOME=/nonsense has no bin/java']);
  });

  it('comes of DEV_ELASTICSEARCH=none, whatever else is set', async () => {
    const env = { DEV_ELASTICSEARCH: 'none', DEV_ELASTICSEARCH_URL: `http://${await serve(false)}` };
    await expect(provideElasticsearch({ env, log })).rejects.toThrow('DEV_ELASTICSEARCH=none asks for no engine');
  });

  it('comes of a way that is forced and fails, although another would do', async () => {
    const env = { DEV_ELASTICSEARCH: 'home', DEV_ELASTICSEARCH_URL: `http://${await serve(false)}` };
    await expect(provideElasticsearch({ env, log })).rejects.toThrow('development:\n  home: ELASTICSEARCH_HOME is not set\nGive one of');
  });

  it('comes of a way that does not exist', async () => {
    await expect(provideElasticsearch({ env: { DEV_ELASTICSEARCH: 'podman' }, log })).rejects.toThrow(
      'DEV_ELASTICSEARCH=podman is no way; write one of url, home, docker, core, or none',
    );
  });
});
