import type { Call, Client } from './open-client.ts';

/** A body of Cloudflare's envelope. The shape of `result` is the caller's claim; it is not checked. */
export interface Envelope<Result> {
  readonly success?: boolean;
  readonly errors?: readonly unknown[] | null;
  readonly result?: Result | null;
  readonly result_info?: { readonly total_pages?: number } | null;
}

/** What is asked for, without what is the same for all small requests. */
export type JsonCall = Pick<Call, 'what' | 'scope' | 'permission' | 'path'> & { readonly query?: Call['query'] };

/**
 * Fetches a small JSON body: an object, whatever is in it.
 * @throws CloudflareError also where a good status comes with `success: false`
 */
export function fetchJson<Body extends object>(client: Client, given: JsonCall, signal: AbortSignal): Promise<Body> {
  const call: Call = { lines: false, page: 1, turn: { kind: 'request' }, query: {}, ...given };
  return client.fetch(
    call,
    (bytes, head) => {
      const body = parseObject(bytes.toString());
      if (body === undefined) throw client.refuse(call, { ...head, body: '', fault: 'no-json', detail: 'with a body that is no JSON' });
      if ((body as Envelope<unknown>).success === false) throw client.refuse(call, { ...head, body: bytes.toString() });
      return body as Body;
    },
    signal,
  );
}

function parseObject(text: string): object | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}
