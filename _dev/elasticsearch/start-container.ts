import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type ContainerRuntimeClient, GenericContainer, getContainerRuntimeClient, ImageName, type StartedTestContainer, Wait } from 'testcontainers';
import { askEngine, type EngineAddress } from './ask-engine.ts';
import { defaultVersion, EngineFailure, type EngineRequest, type RunningEngine, WayNotGiven } from './engine.ts';
import { noteLeftover } from './leftovers.ts';
import { isSettled } from './settle-engine.ts';

const port = 9200;
const pollMs = 250;
const refusalMs = 15_000;
const localHosts = new Set(['localhost', '127.0.0.1']);

/** A container whose port is published on this machine's loopback only; testcontainers itself publishes on all addresses. */
class LoopbackContainer extends GenericContainer {
  withLoopbackPort(containerPort: number): this {
    this.withExposedPorts(containerPort);
    this.hostConfig.PortBindings = { [`${containerPort}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: '0' }] };
    return this;
  }
}

async function findDocker(): Promise<ContainerRuntimeClient> {
  try {
    return await getContainerRuntimeClient();
  } catch {
    throw new WayNotGiven('no Docker engine answers');
  }
}

async function bringImage(docker: ContainerRuntimeClient, image: string, { mayDownload, log }: EngineRequest): Promise<void> {
  const name = ImageName.fromString(image);
  if (await docker.image.exists(name)) {
    return;
  }
  if (mayDownload !== true) {
    throw new EngineFailure(`the image ${image} is not there, and pulling about 1 GB was not asked for; docker pull ${image}, or DEV_ELASTICSEARCH=docker`);
  }
  log(`Elasticsearch: pulling ${image} (about 1 GB, once)`);
  await docker.image.pull(name, { force: false, platform: undefined });
}

function renderEnvironment({ heap, security }: EngineRequest, password: string): Record<string, string> {
  return {
    'cluster.name': 'development',
    'discovery.type': 'single-node',
    'xpack.security.enabled': String(security),
    'ingest.geoip.downloader.enabled': 'false',
    'cluster.routing.allocation.disk.threshold_enabled': 'false',
    ES_JAVA_OPTS: `-Xms${heap} -Xmx${heap}`,
    ...(security && { ELASTIC_PASSWORD: password }),
  };
}

/** The built-in user may be refused for a moment, while the node is still looking after its security index. */
async function waitUntilSettled(address: EngineAddress, deadline: number): Promise<void> {
  let refusedSince: number | undefined;
  while (!(await isSettled(address))) {
    const status = await askEngine(address, { path: '/' }).then(
      (answer) => answer.status,
      () => 0,
    );
    refusedSince = status === 401 ? (refusedSince ?? Date.now()) : undefined;
    if (refusedSince !== undefined && Date.now() - refusedSince > refusalMs) {
      throw new EngineFailure('the container refuses the password it got in ELASTIC_PASSWORD; is its image the official one?');
    }
    if (Date.now() > deadline) {
      throw new EngineFailure(`the container at ${address.url} did not get ready in time`);
    }
    await wait(pollMs);
  }
}

/** A signal to the whole process group ends `docker`, too, so it is called until one call has come to its own end. */
function removeContainer(name: string): void {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    if (spawnSync('docker', ['rm', '--force', '--volumes', name], { stdio: 'ignore' }).signal === null) {
      return;
    }
  }
}

function toUrl(container: StartedTestContainer): string {
  const host = container.getHost();
  return `http://${host === 'localhost' ? '127.0.0.1' : host}:${container.getMappedPort(port)}`;
}

/**
 * Starts a throw-away container of the official image on a free port.
 *
 * @throws EngineFailure where no Docker engine answers, the image may not be pulled, or the node gets not ready; whatever testcontainers throws otherwise.
 */
export async function startContainer(request: EngineRequest): Promise<RunningEngine> {
  const docker = await findDocker();
  const version = request.version ?? defaultVersion;
  const image = `docker.elastic.co/elasticsearch/elasticsearch:${version}`;
  await bringImage(docker, image, request);
  const deadline = Date.now() + request.startTimeoutMs;
  const password = randomBytes(12).toString('hex');
  const name = `elasticsearch-development-${randomBytes(4).toString('hex')}`;
  const local = localHosts.has(docker.info.containerRuntime.host);
  const described = new LoopbackContainer(image)
    .withName(name)
    .withEnvironment(renderEnvironment(request, password))
    .withWaitStrategy(
      Wait.forHttp('/_cluster/health', port, { abortOnContainerExit: true }).forStatusCodeMatching((status) => status === 200 || status === 401),
    )
    .withStartupTimeout(request.startTimeoutMs);
  request.log(`Elasticsearch: starting a container of ${image} (heap ${request.heap}${request.security ? ', security on' : ''})`);
  const forget = noteLeftover(() => removeContainer(name));
  let container: StartedTestContainer | undefined;
  const stop = async (): Promise<void> => {
    await container?.stop({ remove: true, removeVolumes: true });
    forget();
  };
  try {
    container = await (local ? described.withLoopbackPort(port) : described.withExposedPorts(port)).start();
    const secured = request.security ? { credentials: { username: 'elastic', password } } : {};
    const url = toUrl(container);
    await waitUntilSettled({ url, ...secured }, deadline);
    return { url, ...secured, origin: `a container of ${image}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
