import type { PackageDefinition } from '../definition/definition.ts';
import { parseDuration } from '../definition/duration.ts';
import { type Fault, SettingsError } from '../errors.ts';
import type { ConnectionFile, SettingsFile } from './check-shape.ts';
import { toConnectionCredential, toElasticsearchCredential } from './credentials.ts';
import { toDeadLetterSettings } from './dead-letter-settings.ts';
import { toHealthSettings } from './health-settings.ts';
import { toKibanaSettings } from './kibana-settings.ts';
import { toRateBudget } from './rate-budget.ts';
import type { ConnectionSettings, ElasticsearchSettings, GeoipSettings, Settings, StateSettings } from './settings.ts';
import { toStreamSettings } from './stream-settings.ts';
import { toSsl } from './to-ssl.ts';
import { toElasticsearchUrl, toHttpsUrl, toProxyUrl } from './urls.ts';

/** Where the settings stand: relative paths start from `folder`, faults name `file`. */
export interface SettingsPlace {
  readonly folder: string;
  readonly file: string;
  readonly resolvePath: (path: string) => string;
}

/** Collects faults while the settings are read: `fault(path, message, hint)`. */
export type Report = (path: string, message: string, hint: string) => void;

/**
 * What the file means: defaults of the declared variables filled in, durations in milliseconds, presets resolved.
 * @throws SettingsError with every fault
 */
export function toSettings(file: SettingsFile, definition: PackageDefinition, place: SettingsPlace): Settings {
  const faults: Fault[] = [];
  const report: Report = (path, message, hint) => void faults.push({ file: place.file, path, message, hint });
  const elasticsearch = toElasticsearch(file.elasticsearch, place, report);
  const connections = (file.connections ?? []).map((connection, index) =>
    toConnection(connection, { definition, place, report: (path, ...rest) => report(`connections[${index}]${path}`, ...rest) }),
  );
  checkNames(connections, report);
  const state = toState(file.state, place, report);
  const health = toHealthSettings(file.health ?? {}, report);
  const kibana = toKibanaSettings(file.kibana ?? {}, place, report);
  if (faults.length > 0) throw new SettingsError(faults);
  return { elasticsearch, kibana, state, health, connections };
}

const DEFAULT_LEASE_MS = 30_000;
/** A shorter one ends with every pause of a process or a network. */
const SHORTEST_LEASE_MS = 3_000;

function toState(given: SettingsFile['state'] = {}, place: SettingsPlace, report: Report): StateSettings {
  const { path = './state', store = 'file', lease, dead_letters: deadLetters } = given;
  const leaseMs = parseDuration(lease ?? '') ?? DEFAULT_LEASE_MS;
  if (leaseMs < SHORTEST_LEASE_MS) report('state.lease', `${lease} is too short`, 'Use 3s or more; 30s is the default.');
  return { path: place.resolvePath(path), store, leaseMs, deadLetters: toDeadLetterSettings(deadLetters) };
}

function toElasticsearch(given: Readonly<Record<string, unknown>>, place: SettingsPlace, report: Report): ElasticsearchSettings {
  const geoip = toGeoip(given.geoip, place);
  return {
    url: toElasticsearchUrl(given, report),
    credential: toElasticsearchCredential(given, report),
    pipeline: given.pipeline === 'edge' ? 'edge' : 'server',
    ...(Object.keys(geoip).length === 0 ? {} : { geoip }),
    ...toProxyUrl(given.proxy_url, (path, ...rest) => report(`elasticsearch${path}`, ...rest)),
    ssl: toSsl(given.ssl, place),
  };
}

/** The databases, their paths resolved; an empty path counts as none. */
export function toGeoip(given: unknown, { resolvePath }: Pick<SettingsPlace, 'resolvePath'>): GeoipSettings {
  const paths = (given ?? {}) as Readonly<Record<string, unknown>>;
  const city = text(paths.city);
  const asn = text(paths.asn);
  return { ...(city === undefined ? {} : { city: resolvePath(city) }), ...(asn === undefined ? {} : { asn: resolvePath(asn) }) };
}

interface ConnectionContext {
  readonly definition: PackageDefinition;
  readonly place: SettingsPlace;
  readonly report: Report;
}

/** What one connection means; faults are reported below its place, e.g. `.streams.audit.interval`. */
export function toConnection(given: ConnectionFile, { definition, place, report }: ConnectionContext): ConnectionSettings {
  const defaults = Object.fromEntries(definition.variables.map((variable) => [variable.name, variable.default]));
  const values: Readonly<Record<string, unknown>> = { ...defaults, ...given };
  const apiUrl = toHttpsUrl(values.api_url, report);
  const credential = toConnectionCredential(values, report);
  return {
    name: given.name,
    namespace: given.namespace ?? 'default',
    apiUrl,
    credential,
    ...toProxyUrl(values.proxy_url, report),
    ssl: toSsl(values.ssl, place),
    timeoutMs: toTimeout(values.http_client_timeout),
    ...toRateBudget(values, report),
    streams: Object.entries(given.streams ?? {}).map(([name, stream]) => toStreamSettings(name, stream ?? {}, { definition, credential, report })),
  };
}

function checkNames(connections: readonly ConnectionSettings[], report: Report): void {
  const seen = new Set<string>();
  for (const [index, { name }] of connections.entries()) {
    if (seen.has(name)) report(`connections[${index}].name`, `${name} is the name of another connection`, 'Give each connection a name of its own.');
    seen.add(name);
  }
}

function toTimeout(given: unknown): number {
  return parseDuration(text(given) ?? '60s') ?? 60_000;
}

/** The text, or undefined where there is none; an empty one counts as none. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
