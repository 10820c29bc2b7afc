import { isDeepStrictEqual } from 'node:util';
import type { Replanning } from '../collect/collect.ts';
import { planPartitions } from '../collect/plan-partitions.ts';
import { IntegrationError, InterruptedError } from '../errors.ts';
import type { ConnectionSettings } from '../settings/settings.ts';
import type { LiveConnections } from './live-connections.ts';
import type { Collector } from './open-collector.ts';
import type { Scopes } from './open-scopes.ts';
import type { Opened } from './open-settings.ts';

interface Following {
  /** The settings as they were given, with every `all` as a word. */
  readonly given: Opened;
  readonly scopes: Scopes;
  readonly live: Pick<LiveConnections, 'list'>;
  readonly follow: Collector['follow'];
}

/** No plan is asked for more often. */
const SHORTEST_MS = 1_000;

/** Plans anew as accounts, zones and integration policies come, change and go; undefined where nothing of the settings can change. */
export function followChanges({ given, scopes, live, follow }: Following): Replanning | undefined {
  const { definition, fleet, settings } = given;
  const { lists } = scopes;
  if (fleet === undefined && lists.dueInMs() === Number.POSITIVE_INFINITY) return undefined;
  const tell = createTell(given);
  let current = scopes.opened.settings.connections;
  const change = async (signal: AbortSignal): Promise<void> => {
    const asked = fleet === undefined ? settings.connections : await fleet.readAgain(signal);
    const next = await lists.fill(asked);
    current = await followEach(current, next, { follow, tell });
  };
  return {
    plan: async (signal) => {
      tell.begin();
      await change(signal).catch((error: unknown) => tell.failed('', error));
      return planPartitions(live.list(), definition);
    },
    afterMs: () => Math.max(SHORTEST_MS, Math.min(fleet?.intervalMs ?? Number.POSITIVE_INFINITY, lists.dueInMs())),
  };
}

interface EachOptions {
  readonly follow: Following['follow'];
  readonly tell: ReturnType<typeof createTell>;
}

/** Changes one connection after the other, so that one that cannot be changed keeps none of the others; it goes on as it was. */
async function followEach(
  before: readonly ConnectionSettings[],
  next: readonly ConnectionSettings[],
  { follow, tell }: EachOptions,
): Promise<readonly ConnectionSettings[]> {
  let current = before.filter(({ name }) => next.some((connection) => connection.name === name));
  if (current.length < before.length) await follow(current, { bearUnfit: true });
  for (const { name } of before) if (!current.some((connection) => connection.name === name)) tell.ended(name);
  for (const connection of next) {
    const known = current.find(({ name }) => name === connection.name);
    if (isDeepStrictEqual(known, connection)) continue;
    const changed = known === undefined ? [...current, connection] : current.map((one) => (one === known ? connection : one));
    try {
      await follow(changed, { bearUnfit: isSame(connection, known) });
      current = changed;
      tell.changed(connection, known);
    } catch (error) {
      tell.failed(connection.name, error);
    }
  }
  return current;
}

/** Says what has changed, and what could not be: once, as long as it stays the same. */
function createTell({ log }: Opened) {
  let [former, failures] = [new Map<string, string>(), new Map<string, string>()];
  return {
    begin: (): void => {
      [former, failures] = [failures, new Map()];
    },
    ended: (name: string): void => log('info', `${name} is not collected any more: its policy is gone, switched off or refused; its checkpoints are kept`),
    changed: (connection: ConnectionSettings, before: ConnectionSettings | undefined): void => {
      if (connection.policy === undefined || isSame(connection, before)) return;
      log(
        'info',
        `${connection.name} ${before === undefined ? 'is new in Kibana and is collected from now on' : 'was changed in Kibana; the changes count from now on'}`,
      );
    },
    /** What ends a start, such as a file that cannot be read, does not end a collection under way. */
    failed: (name: string, error: unknown): void => {
      if (!(error instanceof IntegrationError) || error instanceof InterruptedError) throw error;
      const text = `${name === '' ? 'the connections stay as they were' : `${name} stays as it was`}: ${error.message}. ${error.hint}`;
      if (former.get(name) !== text) log('error', text);
      failures.set(name, text);
    },
  };
}

/** Whether only the accounts or zones differ that `all` stands for: of these is told elsewhere. */
function isSame(connection: ConnectionSettings, before: ConnectionSettings | undefined): boolean {
  const withoutListed = ({ streams, ...rest }: ConnectionSettings) => ({
    ...rest,
    streams: streams.map((stream) => (stream.all === undefined ? stream : { ...stream, scopeIds: [] })),
  });
  return before !== undefined && isDeepStrictEqual(withoutListed(connection), withoutListed(before));
}
