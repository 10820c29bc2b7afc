import { DEMO_CREDENTIALS } from '../cloudflare/credentials.ts';
import { startCloudflare } from '../cloudflare/start-cloudflare.ts';

/** A Cloudflare to collect from. */
export interface World {
  readonly url: string;
  readonly token: string;
  readonly accountId: string;
  readonly zoneId: string;
  readonly close: () => Promise<void>;
}

const ACCOUNT = '0123456789abcdef0123456789abcdef';
const ZONE = '023e105f4ecef8ad9ca31a8372d0c353';

/** Starts the simulated API with one account (60 events an hour) and one zone (60,000 requests an hour, at any hour of the day). */
export async function startWorld(): Promise<World> {
  const cloudflare = await startCloudflare({
    seed: 1,
    accounts: [{ id: ACCOUNT, auditEventsPerHour: 60, dailySwing: 0.6 }],
    zones: [{ id: ZONE, account: ACCOUNT, linesPerHour: 60_000 }],
  });
  return { url: cloudflare.url, token: DEMO_CREDENTIALS[0].token, accountId: ACCOUNT, zoneId: ZONE, close: cloudflare.close };
}
