import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Way, ways } from '../elasticsearch/engine.ts';
import { NoElasticsearchError, type ProvidedElasticsearch, provideElasticsearch } from '../elasticsearch/provide-elasticsearch.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the broker answers: an engine as JSON, or why there is none. */
export type BrokerAnswer = { readonly engine: Omit<ProvidedElasticsearch, 'stop'> } | { readonly skip: string };

/** Gives one engine without and one with security to all test files of a run; each is started when the first test file asks for it. */
export interface EngineBroker {
  /** `GET /plain` and `GET /secured` answer with a `BrokerAnswer`. */
  readonly url: string;
  /** Stops what was started. */
  readonly stop: () => Promise<void>;
}

/** The ways a person asked for by a variable: there, an engine that cannot be had is a failure and no reason to skip. */
function findNamedWays(env: Environment, security: boolean): readonly Way[] {
  const forced = env.DEV_ELASTICSEARCH;
  if (forced) {
    return ways.filter((way) => way === forced);
  }
  const hasUrl = env.DEV_ELASTICSEARCH_URL && (!security || env.DEV_ELASTICSEARCH_URL.includes('@'));
  return ways.filter((way) => (way === 'url' && hasUrl) || (way === 'home' && env.ELASTICSEARCH_HOME));
}

async function provide(env: Environment, security: boolean, log: (line: string) => void): Promise<ProvidedElasticsearch | string> {
  const named = findNamedWays(env, security);
  // An image of 1 GB is pulled only where Docker was asked for; the server core is announced and kept.
  const options = named.length > 0 ? { ways: named } : { mayDownload: 'core' as const };
  try {
    return await provideElasticsearch({ env, security, heap: '512m', log, ...options });
  } catch (error) {
    const wantsNone = named.length === 0 && (!env.DEV_ELASTICSEARCH || env.DEV_ELASTICSEARCH === 'none');
    if (error instanceof NoElasticsearchError && wantsNone) {
      return error.message;
    }
    throw error;
  }
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

/** Starts the broker on loopback. */
export async function startEngineBroker(env: Environment, log: (line: string) => void): Promise<EngineBroker> {
  const started = new Map<boolean, Promise<ProvidedElasticsearch | string>>();
  const getEngine = (security: boolean): Promise<ProvidedElasticsearch | string> => {
    const engine = started.get(security) ?? provide(env, security, log);
    started.set(security, engine);
    return engine;
  };
  const answer = async ({ url }: IncomingMessage): Promise<BrokerAnswer> => {
    const found = await getEngine(url === '/secured');
    return typeof found === 'string' ? { skip: found } : { engine: { ...found, stop: undefined } as Omit<ProvidedElasticsearch, 'stop'> };
  };
  const server = createServer((request, response) => {
    answer(request)
      .then((body) => response.end(JSON.stringify(body)))
      .catch((error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)));
  });
  server.requestTimeout = 0;
  const url = await listen(server);
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    const engines = await Promise.allSettled(started.values());
    await Promise.all(engines.map((result) => (result.status === 'fulfilled' && typeof result.value !== 'string' ? result.value.stop() : undefined)));
  };
  return { url, stop };
}
