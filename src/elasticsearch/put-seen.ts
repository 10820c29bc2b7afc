import { isDeepStrictEqual } from 'node:util';
import type { StateIndex, Version } from './state-index.ts';

/** What is written, over which write that was seen. */
export interface SeenWrite {
  readonly id: string;
  readonly content: object;
  readonly seen: Version | 'new';
}

/**
 * Writes where nobody wrote since; where the answer to an own write got lost and it was sent again, that counts as written.
 * @returns the version written; undefined where somebody else was first
 */
export async function putSeen(index: StateIndex, { id, content, seen }: SeenWrite): Promise<Version | undefined> {
  const version = await index.put(id, content, seen);
  if (version !== undefined) return version;
  const stored = await index.get(id);
  return stored !== undefined && isDeepStrictEqual(stored.content, JSON.parse(JSON.stringify(content))) ? stored.version : undefined;
}
