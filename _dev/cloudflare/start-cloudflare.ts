import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer } from '../close-server.ts';
import { createClock, type SimulatedClock } from './clock.ts';
import { createCredentials } from './credentials.ts';
import { createFaults, type Faults } from './faults.ts';
import { BASE_PATH, createHandler } from './handle-request.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { toLimits } from './limits.ts';
import type { CloudflareOptions } from './options.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { type Switches, toSwitches } from './switches.ts';
import { createWorld } from './world.ts';

/** A running simulation of Cloudflare's API. */
export interface SimulatedCloudflare {
  /** Base address; ends in /client/v4. */
  readonly url: string;
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  readonly zones: readonly { readonly id: string; readonly name: string; readonly accountId: string }[];
  readonly users: readonly { readonly id: string; readonly email: string }[];
  readonly clock: SimulatedClock;
  readonly ledger: Ledger;
  readonly faults: Faults;
  /** Changes a switch from the next request on. */
  readonly setSwitch: <K extends keyof Switches>(name: K, value: Switches[K]) => void;
  /** Ends all connections and the server. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a simulation of Cloudflare's API on the loopback interface. Events exist as a function of seed and time: any window of any size can be asked for, and
 * the same window always holds the same events.
 * @throws {Error} for options that contradict each other, or a port that is taken
 */
export async function startCloudflare(options: CloudflareOptions = {}): Promise<SimulatedCloudflare> {
  const { clock = createClock(), seed = 1 } = options;
  let switches = toSwitches(options.switches);
  const credentials = createCredentials(options);
  const world = createWorld(options, { clock, switches: () => switches, users: credentials.users });
  const ledger = createLedger(world);
  const faults = createFaults(seed);
  const handle = createHandler({
    world,
    ledger,
    faults,
    seed,
    credentials,
    limiter: createRateLimiter(toLimits(options.limits), clock),
  });
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      ledger.addBug(error);
      response.destroy();
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE_PATH}`,
    accounts: [...world.accounts.values()].map(({ id, name }) => ({ id, name })),
    zones: [...world.zones.values()].map(({ accountId, id, name }) => ({ id, name, accountId })),
    users: credentials.users,
    clock,
    ledger,
    faults,
    setSwitch: (name, value) => {
      switches = { ...switches, [name]: value };
    },
    close: () => closeServer(server),
  };
}
