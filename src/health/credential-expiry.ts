import type { Verification } from '../cloudflare/verify-credential.ts';

const DAY_MS = 86_400_000;
/** How long before its end a credential is warned about. */
export const EXPIRY_WARNING_MS = 14 * DAY_MS;

/** What to do about a credential that ends soon. */
export const EXPIRY_HINT = 'Roll the token in the Cloudflare dashboard before it expires, and put the new one into the settings.';

/** Says when a credential expires, where that is within two weeks; undefined otherwise. Times in epoch milliseconds. */
export function toExpiryWarning(expiresMs: number | undefined, now: number): string | undefined {
  if (expiresMs === undefined || expiresMs - now >= EXPIRY_WARNING_MS) return undefined;
  const at = new Date(expiresMs).toISOString().replace('.000Z', 'Z');
  if (expiresMs <= now) return `the API token expired at ${at}`;
  const days = Math.floor((expiresMs - now) / DAY_MS);
  return `the API token expires at ${at}, in ${days === 0 ? 'less than a day' : `${days} ${days === 1 ? 'day' : 'days'}`}`;
}

/** The end of a verified credential in epoch milliseconds; undefined where it has none. */
export function toExpiresMs({ expiresOn }: Verification): number | undefined {
  const ms = Date.parse(expiresOn ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

interface WatchOptions {
  /** Asks Cloudflare about the credential of each connection that there is now. */
  readonly connections: () => ReadonlyMap<string, (signal: AbortSignal) => Promise<Verification>>;
  readonly now: () => number;
  /** Rejects when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly warn: (connection: string, warning: string) => void;
}

/** Knows when credentials expire. */
export interface ExpiryWatch {
  /** Asks at once and then daily, and warns each time in the last two weeks. Ends when the signal fires. */
  run(signal: AbortSignal): Promise<void>;
  /** When the connection's credential expires, as far as Cloudflare has said so. */
  expiresMs(connection: string): number | undefined;
}

/** Makes the watch over the credentials; nothing is asked yet. */
export function createExpiryWatch({ connections, now, sleep, warn }: WatchOptions): ExpiryWatch {
  const known = new Map<string, number | undefined>();
  const ask = async (signal: AbortSignal): Promise<void> => {
    for (const [name, verify] of connections()) {
      try {
        known.set(name, toExpiresMs(await verify(signal)));
      } catch {
        // What a credential may not do shows where it is needed; a token may not even ask about itself.
      }
      const warning = toExpiryWarning(known.get(name), now());
      if (warning !== undefined && !signal.aborted) warn(name, warning);
    }
  };
  return {
    run: async (signal) => {
      while (!signal.aborted) {
        await ask(signal);
        await sleep(DAY_MS, signal).catch(() => {});
      }
    },
    expiresMs: (connection) => known.get(connection),
  };
}
