import type { IncomingMessage } from 'node:http';
import { authenticate, type Identity } from './authenticate.ts';
import type { Call } from './call.ts';
import type { Endpoint, QueryKind } from './endpoint.ts';
import { ENDPOINTS } from './endpoints.ts';
import { findSchemaFault, toFaultPath } from './find-schema-fault.ts';
import type { CredentialOptions } from './options.ts';
import { Refused, type Reply } from './reply.ts';
import type { World } from './world.ts';

/** What a server answers with. */
export interface Service {
  readonly world: World;
  readonly credentials: readonly CredentialOptions[];
}

const VERSION = '2023-10-31';

/** Answers one request: who asks, then the way the request is made, then the endpoint. */
export function handleRequest(request: IncomingMessage, body: Buffer, service: Service): Reply {
  try {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [space, path] = splitSpace(url.pathname);
    const found = findEndpoint(request.method ?? 'GET', path);
    const identity = identify(request, found?.endpoint, service);
    checkHeaders(request, body);
    if (!service.world.spaces.has(space)) throw new Refused(404, `Saved object [space/${space}] not found`);
    if (found === undefined) throw new Refused(404, 'Not Found');
    checkRight(found.endpoint, identity);
    checkBody(found.endpoint, request);
    const query = readQuery(url.searchParams, found.endpoint.query);
    const call: Call = {
      method: found.endpoint.method,
      path,
      query,
      headers: request.headers,
      body,
      space,
      params: found.params,
      username: identity?.username,
    };
    return checkAnswer(found.endpoint, found.endpoint.answer(call, service.world));
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

/** Kibana looks over its own answers too. What is looked at is what is sent: without what is undefined. */
function checkAnswer({ gives, method, path }: Endpoint, reply: Reply): Reply {
  const fault = findSchemaFault(gives, JSON.parse(JSON.stringify(reply.body)));
  if (fault === undefined) return reply;
  throw new Error(`Failed output validation: ${method} ${path} [response body${toFaultPath(fault)}]: ${fault.message}`);
}

function splitSpace(path: string): readonly [space: string, path: string] {
  const [, space, rest] = /^\/s\/([^/]+)(\/.*)$/.exec(path) ?? [];
  return space === undefined || rest === undefined ? ['default', path] : [decodeURIComponent(space), rest];
}

interface Found {
  readonly endpoint: Endpoint;
  readonly params: Readonly<Record<string, string>>;
}

function findEndpoint(method: string, path: string): Found | undefined {
  for (const endpoint of ENDPOINTS.filter((candidate) => candidate.method === method)) {
    const match = new RegExp(`^${endpoint.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`).exec(path);
    if (match !== null)
      return { endpoint, params: Object.fromEntries(Object.entries(match.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)])) };
  }
  return undefined;
}

/** A status may be asked for by anybody: with a credential that is not known, one is nobody. */
function identify(request: IncomingMessage, endpoint: Endpoint | undefined, { credentials }: Service): Identity | undefined {
  try {
    const identity = authenticate(request.headers.authorization, credentials);
    if (identity !== undefined || endpoint?.needs === 'nothing') return identity;
  } catch (error) {
    if (endpoint?.needs === 'nothing') return undefined;
    throw error;
  }
  throw new Refused(401, 'Authentication required');
}

function checkHeaders({ headers, method }: IncomingMessage, body: Buffer): void {
  if (method !== 'GET' && headers['kbn-xsrf'] === undefined) throw new Refused(400, 'Request must contain a kbn-xsrf header.');
  const version = headers['elastic-api-version'];
  if (version !== undefined && version !== VERSION) throw new Refused(400, `Unknown version "${String(version)}". Available versions are: [${VERSION}]`);
  if (method === 'GET' && body.length > 0) throw new Refused(400, 'Payload is not supported');
}

function checkRight({ method, needs, path }: Endpoint, identity: Identity | undefined): void {
  if (needs === 'nothing' || identity?.rights === 'all' || (needs === 'read' && identity?.rights === 'read')) return;
  throw new Refused(403, `API [${method} ${path}] is unauthorized for user, this action is granted by the Kibana privileges [fleet-all,integrations-all]`);
}

function checkBody({ takes = [] }: Endpoint, { headers }: IncomingMessage): void {
  const type = headers['content-type']?.split(';')[0]?.trim();
  if (takes.length > 0 && !takes.includes(type ?? '')) throw new Refused(415, 'Unsupported Media Type');
}

function readQuery(given: URLSearchParams, known: Readonly<Record<string, QueryKind>>): Readonly<Record<string, string>> {
  for (const [name, value] of given) {
    const kind = Object.hasOwn(known, name) ? known[name] : undefined;
    if (kind === undefined) throw new Refused(400, `[request query.${name}]: definition for this key is missing`);
    const fits = typeof kind === 'string' ? fitsKind(kind, value) : kind.includes(value);
    if (!fits) throw new Refused(400, `[request query.${name}]: expected value of type [${String(kind)}] but got [string]`);
  }
  return Object.fromEntries(given);
}

function fitsKind(kind: QueryKind, value: string): boolean {
  if (kind === 'number') return /^\d+$/.test(value);
  return kind !== 'boolean' || /^(true|false)$/.test(value);
}
