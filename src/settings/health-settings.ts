import { parseDuration } from '../definition/duration.ts';
import type { HealthAddress, HealthSettings } from './settings.ts';
import type { JsonSchema } from './settings-schema.ts';
import type { Report } from './to-settings.ts';

/** The settings file's `health`, its kinds already checked. */
export interface HealthFile {
  readonly address?: string;
  readonly max_lag?: string;
  readonly heartbeat?: string;
}

const duration = { type: 'string', pattern: '^([0-9]+(ms|s|m|h|d))+$' } as const;

/** JSON Schemas of the keys below `health`. */
export const healthKeys: Readonly<Record<keyof HealthFile, JsonSchema>> = {
  address: { type: 'string', description: 'Where /metrics, /livez and /readyz answer, e.g. 127.0.0.1:9464; without it, nowhere.' },
  max_lag: { ...duration, description: 'From which lag a partition counts as late: then /readyz and `status` fail. By default 1h.' },
  heartbeat: { ...duration, description: 'Time between two signs of life in the collector data stream, 0s for none. By default 5m.' },
};

/** What `health` means; what makes no sense is reported. */
export function toHealthSettings({ address, max_lag = '1h', heartbeat = '5m' }: HealthFile, report: Report): HealthSettings {
  const maxLagMs = parseDuration(max_lag) ?? 0;
  const heartbeatMs = parseDuration(heartbeat) ?? 0;
  if (maxLagMs === 0) report('health.max_lag', 'the duration must be longer than nothing', 'Write 30m, 1h or 1d.');
  if (heartbeatMs > 0 && heartbeatMs < 1_000) report('health.heartbeat', 'this is more often than once a second', 'Write 1m, 5m, or 0s for none.');
  const parsed = address === undefined || address === '' ? undefined : toAddress(address, report);
  return { ...(parsed === undefined ? {} : { address: parsed }), maxLagMs, heartbeatMs };
}

function toAddress(text: string, report: Report): HealthAddress | undefined {
  const [, bracketed, name, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? name;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  report('health.address', `${JSON.stringify(text)} is no address and port`, 'Write 127.0.0.1:9464, or 0.0.0.0:9464 to answer other machines.');
  return undefined;
}
