import { setTimeout as sleep } from 'node:timers/promises';
import { KibanaError } from '../errors.ts';
import type { Kibana } from './open-kibana.ts';

/** Kibana installs hundreds of objects before it answers. */
const TIMEOUT_MS = 600_000;
/** Kibana demands ten seconds between two uploads, whoever made the first. */
const LONGEST_WAIT_MS = 60_000;
const TRIES = 3;

interface Package {
  readonly name: string;
  readonly version: string;
  readonly zip: Uint8Array;
}

/**
 * Installs a package from its zip; one of the same name is upgraded, or installed again. Waits where Kibana asks for it.
 * @throws KibanaError, InterruptedError
 */
export async function uploadPackage(kibana: Kibana, { name, version, zip }: Package, signal?: AbortSignal): Promise<void> {
  const body = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  const call = { what: `uploading ${name} ${version}`, method: 'POST', path: '/api/fleet/epm/packages', body, timeoutMs: TIMEOUT_MS } as const;
  for (let tries = 1; ; tries += 1) {
    const error = await kibana.request(call, signal).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    if (error === undefined) return;
    const waitMs = error instanceof KibanaError && error.status === 429 ? error.retryAfterMs : undefined;
    if (waitMs === undefined || waitMs > LONGEST_WAIT_MS || tries === TRIES) throw error;
    // Woken by the signal, the next request says that it was interrupted.
    await sleep(waitMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}
