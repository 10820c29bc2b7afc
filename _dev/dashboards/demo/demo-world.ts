import { DEMO_CREDENTIALS } from '../../cloudflare/credentials.ts';
import { type SimulatedCloudflare, startCloudflare } from '../../cloudflare/start-cloudflare.ts';

/** How much the demo holds. */
export interface DemoScale {
  readonly auditDays: number;
  readonly auditEventsPerHour: number;
  readonly trafficHours: number;
  readonly linesPerHour: number;
  /** How much more there is by day than by night, 0 to 1. */
  readonly dailySwing: number;
  /** Time between two signs of life of the collector. */
  readonly beatMs: number;
}

/** A simulated Cloudflare to collect from, and the connections that do it. */
export interface DemoWorld {
  readonly connections: readonly Readonly<Record<string, unknown>>[];
  readonly close: () => Promise<void>;
}

const ACCOUNTS = [
  { id: '0123456789abcdef0123456789abcdef', name: 'Example Shop' },
  { id: 'fedcba9876543210fedcba9876543210', name: 'Example Labs' },
] as const;
const ZONES = [
  { id: '023e105f4ecef8ad9ca31a8372d0c353', name: 'example.com', share: 0.75 },
  { id: '7b1c0de5f26839a1b2c3d4e5f6071823', name: 'example.org', share: 0.25 },
] as const;

/** Starts the simulated API with two accounts, each read by another version of the audit log's API, and two zones. */
export async function startDemoWorld(scale: DemoScale): Promise<DemoWorld> {
  const { auditDays, auditEventsPerHour, trafficHours, linesPerHour, dailySwing } = scale;
  const cloudflare: SimulatedCloudflare = await startCloudflare({
    seed: 1,
    limits: 'off',
    accounts: ACCOUNTS.map((account) => ({ ...account, auditEventsPerHour: auditEventsPerHour / ACCOUNTS.length, dailySwing })),
    zones: ZONES.map(({ id, name, share }) => ({ id, name, account: ACCOUNTS[0].id, linesPerHour: linesPerHour * share, dailySwing })),
  });
  const common = { api_url: cloudflare.url, api_token: DEMO_CREDENTIALS[0].token };
  const audit = (account: string, audit_api: string): object => ({ account_id: [account], audit_api, initial_interval: `${auditDays}d` });
  const signIns = { account_id: [ACCOUNTS[0].id], initial_interval: `${auditDays}d` };
  const logpull = { zone_id: ZONES.map(({ id }) => id), initial_interval: `${trafficHours}h` };
  const connections = [
    { name: 'shop', ...common, streams: { audit: audit(ACCOUNTS[0].id, 'v1'), user_audit: { initial_interval: `${auditDays}d` }, access: signIns, logpull } },
    { name: 'labs', ...common, streams: { audit: audit(ACCOUNTS[1].id, 'v2') } },
  ];
  return { connections, close: cloudflare.close };
}
