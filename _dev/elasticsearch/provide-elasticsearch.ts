import { askEngine } from './ask-engine.ts';
import { type Capabilities, type Credentials, EngineFailure, type EngineRequest, type RunningEngine, type Way, WayNotGiven, ways } from './engine.ts';
import { type ProbedEngine, probeEngine } from './probe-engine.ts';
import { useCore } from './use-core.ts';
import { useDocker } from './use-docker.ts';
import { useHome } from './use-home.ts';
import { useUrl } from './use-url.ts';

/** An engine for development. */
export interface ProvidedElasticsearch {
  /** Base address without credentials and without a slash at the end. */
  readonly url: string;
  /** E.g. `9.2.0`. */
  readonly version: string;
  readonly way: Way;
  /** Who may do everything; absent where security is off. */
  readonly credentials?: Credentials;
  readonly capabilities: Capabilities;
  /** Which way it came and which ways failed before it, one sentence for a person. */
  readonly why: string;
  /** Ends it and leaves no process, folder or container; an engine that somebody else runs stays up. May be called twice. */
  readonly stop: () => Promise<void>;
}

/** What is wanted. */
export interface ProvideOptions {
  /** The environment; see `EngineRequest`. */
  readonly env: EngineRequest['env'];
  /** An engine of another version is refused. @default DEV_ELASTICSEARCH_VERSION, else what url and home have, 9.2.0 for docker and core */
  readonly version?: string;
  /** Users and roles on, with `credentials`. @default false */
  readonly security?: boolean;
  /** Java heap. @default '1g' */
  readonly heap?: string;
  /** Whether docker and core (or only core) may fetch what this machine does not have yet. @default true */
  readonly mayDownload?: boolean | 'core';
  /** Only these ways, where no variable forces another. @default all four */
  readonly ways?: readonly Way[];
  /** @default 180000 */
  readonly startTimeoutMs?: number;
  /** Takes one line of progress. */
  readonly log: (line: string) => void;
}

interface CheckedEngine {
  readonly engine: RunningEngine;
  readonly probed: ProbedEngine;
}

const byWay: Readonly<Record<Way, (request: EngineRequest) => Promise<RunningEngine>>> = { url: useUrl, home: useHome, docker: useDocker, core: useCore };

const fourWays = `Give one of:
  url     DEV_ELASTICSEARCH_URL=http://[user:password@]127.0.0.1:9200, an Elasticsearch that runs already
  home    ELASTICSEARCH_HOME=FOLDER, an unpacked distribution (without a jdk in it: a JDK of 21 or newer, e.g. ES_JAVA_HOME=FOLDER)
  docker  a running Docker engine that has or can pull docker.elastic.co/elasticsearch/elasticsearch:VERSION
  core    the mvn client and a JDK of 21 or newer (fetches the server core, about 100 MB; without ingest processors)`;

/** Nothing on this machine gives an engine; the message names the four ways and why each failed. */
export class NoElasticsearchError extends Error {
  constructor(wanted: string, failures: readonly string[]) {
    super(`no Elasticsearch${wanted} for development:\n${failures.map((failure) => `  ${failure.replaceAll('\n', '\n    ')}`).join('\n')}\n${fourWays}`);
    this.name = 'NoElasticsearchError';
  }
}

function chooseWays(forced: string | undefined, offered: readonly Way[]): readonly Way[] {
  if (!forced) {
    return offered;
  }
  const way = ways.find((name) => name === forced);
  if (way === undefined && forced !== 'none') {
    throw new NoElasticsearchError('', [`DEV_ELASTICSEARCH=${forced} is no way; write one of ${ways.join(', ')}, or none`]);
  }
  return way === undefined ? [] : [way];
}

async function checkEngine(engine: RunningEngine, request: EngineRequest): Promise<ProbedEngine> {
  const probed = await probeEngine(engine);
  if (request.version !== undefined && probed.version !== request.version) {
    throw new EngineFailure(`${engine.url} is version ${probed.version}, and ${request.version} is wanted`);
  }
  if (request.security && (await askEngine({ url: engine.url }, { path: '/_cluster/health' })).status !== 401) {
    throw new EngineFailure(`${engine.url} answers without credentials, and an engine with security is wanted`);
  }
  return probed;
}

async function tryWay(way: Way, request: EngineRequest): Promise<CheckedEngine | EngineFailure> {
  let engine: RunningEngine | undefined;
  try {
    engine = await byWay[way](request);
    return { engine, probed: await checkEngine(engine, request) };
  } catch (error) {
    await engine?.stop();
    if (error instanceof EngineFailure) {
      return error;
    }
    throw error;
  }
}

function reportFailure(way: Way, failure: EngineFailure, log: (line: string) => void): void {
  if (!(failure instanceof WayNotGiven)) {
    log(`Elasticsearch: not by way of ${way}: ${failure.message}`);
  }
}

function stopOnce(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => {
    stopped ??= stop();
    return stopped;
  };
}

/**
 * An engine for development: at DEV_ELASTICSEARCH_URL, from ELASTICSEARCH_HOME, by Docker, or the server core from Maven Central, whichever comes first.
 * `DEV_ELASTICSEARCH=url|home|docker|core` forces one way (`none`: no engine), DEV_ELASTICSEARCH_VERSION names the version. Each way that fails is
 * reported and the next tried. The collector's own settings are never read, so that nothing is written into somebody's production. The caller sees to
 * interruption: `process.on('exit', removeLeftovers)`.
 *
 * @throws NoElasticsearchError where no way leads to an engine.
 */
export async function provideElasticsearch(options: ProvideOptions): Promise<ProvidedElasticsearch> {
  const { env, log, security = false, heap = '1g', mayDownload = true, startTimeoutMs = 180_000 } = options;
  const version = options.version ?? (env.DEV_ELASTICSEARCH_VERSION || undefined);
  const request: EngineRequest = { env, version, security, heap, mayDownload, startTimeoutMs, log };
  const forced = env.DEV_ELASTICSEARCH || undefined;
  const failures: string[] = forced === 'none' ? ['DEV_ELASTICSEARCH=none asks for no engine'] : [];
  for (const way of chooseWays(forced, options.ways ?? ways)) {
    const tried = await tryWay(way, request);
    if (tried instanceof EngineFailure) {
      failures.push(`${way}: ${tried.message}`);
      reportFailure(way, tried, log);
      continue;
    }
    const reason = forced === undefined ? failures.join('; ') || 'it comes first' : `DEV_ELASTICSEARCH=${way} asks for it`;
    const why = `${tried.probed.version} by way of ${way}, ${tried.engine.origin} (${reason})`;
    log(`Elasticsearch: ${why}, at ${tried.engine.url}`);
    const { url, credentials, stop } = tried.engine;
    return { url, ...(credentials && { credentials }), ...tried.probed, way, why, stop: stopOnce(stop) };
  }
  throw new NoElasticsearchError(`${version === undefined ? '' : ` ${version}`}${security ? ' with security' : ''}`, failures);
}
