import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { closeServer } from '../close-server.ts';
import { handleRequest, type Service } from './handle-request.ts';
import { DEMO_API_KEY, type InstalledOptions, type KibanaOptions } from './options.ts';
import type { InstalledPackage } from './package-info.ts';
import type { PackagePolicy } from './package-policy.ts';
import { type Reply, toRefusal } from './reply.ts';
import { createWorld, type Level, toInstalled, type World } from './world.ts';

/** One request that was answered. Holds no body and no secret. */
export interface ServedRequest {
  readonly method: string;
  /** With space and query. */
  readonly path: string;
  readonly status: number;
}

/** A running simulation of Kibana's Fleet API. */
export interface SimulatedKibana {
  /** Base address, without a space. */
  readonly url: string;
  /** All answers so far. */
  readonly requests: readonly ServedRequest[];
  /** Errors of the simulation itself; each was answered with 500. */
  readonly bugs: readonly unknown[];
  /** The packages that are there. */
  readonly packages: () => readonly InstalledPackage[];
  /** Puts a package, in place of one of the same name. */
  readonly putPackage: (options: InstalledOptions) => void;
  /** As if somebody else began to install a package that is there, and did not end. */
  readonly beginInstall: (name: string) => void;
  /** Value of a hidden secret; undefined where there is none of that id. */
  readonly secret: (id: string) => string | undefined;
  /** The integration policies that are there. */
  readonly policies: () => readonly PackagePolicy[];
  /** Puts a policy, in place of one of the same id, as if somebody had saved it in Kibana. */
  readonly putPolicy: (policy: PackagePolicy) => void;
  readonly removePolicy: (id: string) => void;
  /** How well it is from now on. */
  readonly setLevel: (level: Level) => void;
  /** Ends all connections and the server. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a simulation of Kibana's Fleet API on the loopback interface. Paths, parameters, bodies and answers are those of Kibana's published OpenAPI
 * document, in words of this project. What was read of it, each in the repository elastic/kibana (no dates were to be had; the versions are told by what
 * it holds):
 * - main before 9.1: `oas_docs/output/kibana.yaml` of commit 3117ff1eb4797c783ed39677c7aa74aa8dcaffe8
 * - main about 9.2: `oas_docs/bundle.json`, which that document is made of, of commit 00077487b946a67321e59cc2d725e9498edad04e
 * - 8.x (8.18 or 8.19): `x-pack/platform/plugins/shared/fleet/common/openapi/bundled.yaml`, which 8.x is published from, of commit
 *   dd04ff4bc4810e967174787cba454b5eac3fadbf
 *
 * Newer limits are from the route schemas. Uploads as gzip and bodies with inputs as a list are published too, and not simulated.
 */
export async function startKibana(options: KibanaOptions = {}): Promise<SimulatedKibana> {
  const world = createWorld(options);
  const service: Service = { world, credentials: options.credentials ?? [{ kind: 'apiKey', encoded: DEMO_API_KEY }] };
  const requests: ServedRequest[] = [];
  const bugs: unknown[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    answer(request, service)
      .catch((error: unknown) => {
        bugs.push(error);
        return toRefusal(500, `the simulated Kibana has a bug: ${String(error)}`);
      })
      .then((reply) => {
        requests.push({ method: request.method ?? 'GET', path, status: reply.status });
        send(response, reply);
      });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    bugs,
    packages: () => [...world.packages.values()],
    putPackage: (one) => void world.packages.set(one.name, toInstalled(one)),
    beginInstall: (name) => beginInstall(world, name),
    secret: (id) => world.secrets.get(id),
    policies: () => [...world.policies.values()],
    putPolicy: (policy) => void world.policies.set(policy.id, policy),
    removePolicy: (id) => void world.policies.delete(id),
    setLevel: (level) => {
      world.level = level;
    },
    close: () => closeServer(server),
  };
}

function beginInstall({ packages }: World, name: string): void {
  const found = packages.get(name);
  if (found === undefined) throw new Error(`there is no package ${name}`);
  packages.set(name, { ...found, status: 'installing' });
}

async function answer(request: IncomingMessage, service: Service): Promise<Reply> {
  return handleRequest(request, await buffer(request), service);
}

function send(response: ServerResponse, { body, headers = {}, status }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'kbn-name': 'kibana', ...headers });
  response.end(JSON.stringify(body));
}
