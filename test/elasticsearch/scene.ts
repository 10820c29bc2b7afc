import { afterEach } from 'vitest';
import { type Received, type StandIn, type StandInAnswer, startStandIn, toBulkBody } from './stand-in.ts';
import { openWriting, type Writing } from './writing.ts';

/** A writer and the stand-in that answers it. */
export interface Scene extends Writing {
  readonly standIn: StandIn;
}

/** Opens a writer whose requests are answered as the test says. */
export type Play = (
  answer: (request: Received, nth: number) => StandInAnswer | Promise<StandInAnswer>,
  overrides?: Parameters<typeof openWriting>[1],
) => Promise<Scene>;

/** Prepares a test file; what it opens is closed after each test. */
export function prepareScenes(): Play {
  const open: { readonly close: () => Promise<void> }[] = [];
  afterEach(async () => {
    for (const opened of open.splice(0).reverse()) {
      await opened.close();
    }
  });
  return async (answer, overrides = {}) => {
    const standIn = await startStandIn(answer);
    open.push(standIn);
    const writing = await openWriting(standIn.url, overrides);
    open.push(writing);
    return { ...writing, standIn };
  };
}

/** Every record is stored. */
export const created = ({ ids }: Received): StandInAnswer => ({ status: 200, body: toBulkBody(ids) });

/** The whole request is refused, by Elasticsearch where there is a type, else by something before it. */
export const refused = (status: number, type?: string): StandInAnswer => ({
  status,
  body: type === undefined ? 'busy' : { error: { type, reason: 'no' }, status },
});
