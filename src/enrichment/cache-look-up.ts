import type { LookUp } from '../pipeline/look-ups.ts';
import type { JsonObject } from '../pipeline/value.ts';

/** Longer texts are looked up each time: a client writes its own user agent, and must not fill the memory with it. */
const MAX_KEY_LENGTH = 1000;

/** The same look-up, which remembers what it found for that many values, the least recently used forgotten first. */
export function cacheLookUp(lookUp: LookUp, maxEntries: number): LookUp {
  const cache = new Map<string, JsonObject | undefined>();
  return (value) => {
    if (value.length > MAX_KEY_LENGTH) return lookUp(value);
    const isKnown = cache.has(value);
    const found = isKnown ? cache.get(value) : lookUp(value);
    // A map keeps the order of insertion: what is put anew stands last.
    if (isKnown) cache.delete(value);
    else if (cache.size >= maxEntries) cache.delete(cache.keys().next().value as string);
    cache.set(value, found);
    return found;
  };
}
