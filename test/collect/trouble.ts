import type { Partition, Read } from '../../src/collect/ports.ts';
import { type Act, CloudflareError } from '../../src/errors.ts';

/** An error with that act; status 200 is an answer that came damaged. */
export function toRefusal(act: Act, { status = 400, retryAfterMs }: { readonly status?: number; readonly retryAfterMs?: number } = {}): CloudflareError {
  return new CloudflareError(`Cloudflare answered ${status}: ${act}`, { act, status, retryAfterMs, hint: 'Act.' });
}

/** Fails in the middle of a window that holds more records than `most`. */
export function tooFull(read: Read, most: number): Read {
  return async function* (...given) {
    let count = 0;
    for await (const batch of read(...given)) {
      count += batch.length;
      if (count > most) throw toRefusal('split');
      yield batch;
    }
  };
}

/** Fails each time with the next of these errors, until there is none left. */
export function failing(read: Read, errors: Error[], concerns: (partition: Partition) => boolean = () => true): Read {
  return async function* (...given) {
    const error = concerns(given[0]) ? errors.shift() : undefined;
    if (error !== undefined) throw error;
    yield* read(...given);
  };
}
