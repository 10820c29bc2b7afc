import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Authentication, authenticate } from './authenticate.ts';
import type { Credentials } from './credentials.ts';
import { ENDPOINTS } from './endpoints.ts';
import type { FaultAnswer, StrikingFaults } from './faults.ts';
import type { ServedRequest, WritableLedger } from './ledger.ts';
import { drawHex, hashText, mix, pick } from './random.ts';
import type { RateLimiter, RateVerdict } from './rate-limiter.ts';
import type { Reply } from './reply.ts';
import { findObstacle, matchRoute, type RouteMatch, toNoRoute } from './router.ts';
import { sendReply } from './send-reply.ts';
import { repeatCursor, spoilQuery, spoilReply } from './spoil-reply.ts';
import type { World } from './world.ts';

/** What a server answers with. */
export interface Service {
  readonly world: World;
  readonly credentials: Credentials;
  readonly limiter: RateLimiter;
  readonly faults: StrikingFaults;
  readonly ledger: WritableLedger;
  readonly seed: number;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly route: RouteMatch | undefined;
  readonly authentication: Authentication;
}

/** Base path of the API. */
export const BASE_PATH = '/client/v4';

const MAX_BODY_BYTES = 65_536;
const COLOS = ['IAD', 'FRA', 'LHR', 'NRT'];

/** The function that answers HTTP requests: credentials, then limits, then faults, then the endpoint. */
export function createHandler(service: Service): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let arrived = 0;
  return async (request, response) => {
    const number = ++arrived;
    const ray = `${drawHex(mix(service.seed, number), hashText('cf-ray'), 16)}-${pick(COLOS, service.seed)}`;
    const [atMs, began] = [service.world.clock.now(), performance.now()];
    const call = toCall(request, await readBody(request), service);
    const verdict = checkLimits(call, service);
    const fault = verdict.refusal ? undefined : service.faults.strike(call);
    const reply = verdict.refusal ?? answer(call, service, fault?.answer);
    const sent = await sendReply({ request, response, reply, headers: { 'cf-ray': ray, server: 'cloudflare', ...verdict.headers }, fault: fault?.answer });
    if (reply.status === 408 && call.route?.endpoint.isLogpull && 'identity' in call.authentication) service.limiter.addTimeout(call.authentication.identity);
    service.ledger.add({
      ...toLedgerRequest(call),
      ...sent,
      number,
      ray,
      atMs,
      tookMs: performance.now() - began,
      status: response.headersSent ? reply.status : 0,
      count: reply.count?.() ?? 0,
      ...(fault ? { fault: fault.number } : {}),
    });
  };
}

function toCall(request: IncomingMessage, body: string, { credentials, world }: Service): Call {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const path = url.pathname.startsWith(`${BASE_PATH}/`) ? url.pathname.slice(BASE_PATH.length) : url.pathname;
  const method = request.method ?? 'GET';
  const isOurs = path !== url.pathname;
  return {
    method,
    path,
    query: url.searchParams,
    body,
    route: isOurs ? matchRoute(ENDPOINTS, method, path) : undefined,
    authentication: authenticate({ headers: request.headers, path, credentials, switches: world.switches() }),
  };
}

function answer(call: Call, service: Service, fault: FaultAnswer | undefined): Reply {
  if (!fault) return answerCall(call, service);
  const reply = spoilReply(fault, () => answerCall({ ...call, query: spoilQuery(fault, call.query) }, service));
  return fault.repeatCursor ? repeatCursor(reply, call.query.get('cursor')) : reply;
}

function checkLimits({ authentication, route }: Call, { limiter, world }: Service): RateVerdict {
  if (!('identity' in authentication)) return { headers: {} };
  const logpullZone = route?.endpoint.isLogpull ? route.params.zone : undefined;
  return limiter.check({ identity: authentication.identity, acrossTokens: world.switches().rateLimitAcrossTokens, logpullZone });
}

function answerCall({ authentication, body, path, query, route }: Call, { ledger, world }: Service): Reply {
  if ('refusal' in authentication) return authentication.refusal;
  if (!route) return toNoRoute(path);
  const { identity } = authentication;
  const obstacle = findObstacle(route, { identity, path, world });
  if (obstacle) return obstacle;
  try {
    return route.endpoint.answer({ path, params: route.params, query, body, identity }, world);
  } catch (error) {
    ledger.addBug(error);
    return { status: 500, contentType: 'text/plain', body: `the simulated API has a bug: ${error instanceof Error ? error.message : String(error)}\n` };
  }
}

function toLedgerRequest({ authentication, method, path, query }: Call): Pick<ServedRequest, 'method' | 'path' | 'query' | 'identity'> {
  return { method, path, query: Object.fromEntries(query), ...('identity' in authentication ? { identity: authentication.identity.id } : {}) };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) if (text.length < MAX_BODY_BYTES) text += String(piece);
  return text;
}
