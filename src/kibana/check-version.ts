import { isWithin } from '../definition/semver.ts';
import { KibanaError } from '../errors.ts';
import { errorHints } from './error-hints.ts';
import { fetchVersion } from './fetch-version.ts';
import type { Kibana } from './open-kibana.ts';

interface VersionOptions {
  /** What is to be done, e.g. `installing cloudflare_api 0.1.0`. */
  readonly attempt: string;
  /** Versions that will do, e.g. `^8.19.0 || ^9.1.0`. */
  readonly needed: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Refuses a Kibana of another version.
 * @throws KibanaError also where it is none, is unwell, or knows not who asks
 */
export async function checkVersion(kibana: Kibana, { attempt, needed, signal }: VersionOptions): Promise<void> {
  const running = await fetchVersion(kibana, signal);
  if (isWithin(running, needed)) return;
  throw new KibanaError(`${attempt}: it needs Kibana ${needed}, and ${kibana.url} is ${running}`, { reason: 'too-old', hint: errorHints.tooOld });
}
