import type { SourceDefinition } from '../definition/definition.ts';
import { CloudflareError } from '../errors.ts';

/** What becomes of the names of fields that somebody wants. */
export interface FieldChoice {
  /** Names to ask for. */
  readonly asked: readonly string[];
  /** Names that are left out because the zone does not offer them. */
  readonly dropped: readonly string[];
}

/** Which of the wanted fields a zone offers. */
export type ChooseFields = (
  source: SourceDefinition,
  wanted: { readonly scopeId: string; readonly fields: readonly string[] },
  signal: AbortSignal,
) => Promise<FieldChoice>;

/** Names of the fields that a zone offers. */
type FetchOffered = (zoneId: string, signal: AbortSignal) => Promise<readonly string[]>;

const FIELDS = '${fields}';

/**
 * Makes the choice between fields, for one unknown name makes Cloudflare refuse the whole request. Each zone is asked once. What makes the id and
 * the time is never left out; where the zone refuses to say what it offers, nothing is.
 */
export function createChooseFields(fetchOffered: FetchOffered): ChooseFields {
  const known = new Map<string, Promise<readonly string[]>>();
  const offeredBy: FetchOffered = (zoneId, signal) => {
    const offered = known.get(zoneId) ?? fetchOffered(zoneId, signal);
    known.set(zoneId, offered);
    // A failure is not kept: whoever asks next asks anew.
    offered.catch(() => known.get(zoneId) === offered && known.delete(zoneId));
    return offered;
  };
  return async (source, { scopeId, fields }, signal) => {
    if (fields.length === 0 || !Object.values(source.request.query).includes(FIELDS)) return { asked: fields, dropped: [] };
    const offered = await offeredBy(scopeId, signal).catch(noAnswer);
    const allowed = new Set([...(offered.length === 0 ? fields : offered), ...source.id, source.time]);
    return { asked: fields.filter((name) => allowed.has(name)), dropped: fields.filter((name) => !allowed.has(name)) };
  };
}

/** Refused for good: reading the lines will show why. */
function noAnswer(error: unknown): readonly string[] {
  if (error instanceof CloudflareError && !error.retryable) return [];
  throw error;
}
