import { isDeepStrictEqual } from 'node:util';
import type { Budget } from '../cloudflare/budget.ts';
import type { Cloudflare } from '../cloudflare/open-cloudflare.ts';
import type { ConnectionSettings } from '../settings/settings.ts';
import type { BudgetsOf, FollowOptions } from './open-budgets.ts';

interface LiveOptions {
  /** @throws SettingsError where they ask for more than the rate limits allow */
  readonly budgetsOf: BudgetsOf;
  /** @throws SettingsError where a file of the settings cannot be used */
  readonly openCloud: (connection: ConnectionSettings, budget: Budget) => Promise<Cloudflare>;
}

/** A connection as it is now. */
export interface LiveConnection extends ConnectionSettings {
  /** Counts how often its way to Cloudflare was opened anew. */
  readonly revision: number;
}

/** A connection's API while somebody reads through it. */
export interface InUse {
  readonly cloud: Cloudflare;
  readonly settings: ConnectionSettings;
  readonly release: () => void;
}

/** The connections of a collector: one may change while the others go on, and what is under way ends as it began. */
export class LiveConnections {
  readonly #options: LiveOptions;
  #open: ReadonlyMap<string, Entry> = new Map();
  /** No connections any more, but windows under way end through them, in several reads. */
  readonly #gone = new Map<string, Entry>();
  /** In use until what is under way has ended. */
  readonly #retired = new Set<Way>();

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  list(): readonly LiveConnection[] {
    return [...this.#open.values()].map(({ settings, revision }) => ({ ...settings, revision }));
  }

  find(name: string): LiveConnection | undefined {
    const entry = this.#find(name);
    return entry && { ...entry.settings, revision: entry.revision };
  }

  /** Every API by name of its connection. */
  clouds(): ReadonlyMap<string, Cloudflare> {
    return new Map([...this.#open].map(([name, { way }]) => [name, way.cloud]));
  }

  /** The API of a connection, which stays open until it is released. */
  use(name: string): InUse {
    const entry = this.#find(name);
    if (entry === undefined) throw new Error(`no connection ${name} is open`);
    return { cloud: entry.way.cloud, settings: entry.settings, release: entry.way.use() };
  }

  /**
   * From now on these are the connections. The way to Cloudflare is opened for new ones, and anew where its address, credential or budget has changed.
   * @throws SettingsError where one cannot be opened, or their intervals do not fit the rate limits: then nothing has changed
   */
  async follow(connections: readonly ConnectionSettings[], options: FollowOptions = {}): Promise<void> {
    const budgets = await this.#options.budgetsOf(connections, options);
    const next = new Map<string, Entry>();
    try {
      for (const settings of connections) next.set(settings.name, await this.#toEntry(settings, budgets.get(settings.name) as Budget));
    } catch (error) {
      await Promise.all([...next].filter(([name, { way }]) => way !== this.#open.get(name)?.way).map(([, { way }]) => way.retire()));
      throw error;
    }
    const before = this.#open;
    this.#open = next;
    for (const [name, entry] of before) {
      if (!next.has(name)) this.#gone.set(name, entry);
      else if (next.get(name)?.way !== entry.way) this.#retire(entry.way);
    }
    for (const [name, { way }] of this.#gone) {
      if (!next.has(name)) continue;
      this.#gone.delete(name);
      this.#retire(way);
    }
  }

  async close(): Promise<void> {
    const ways = [...[...this.#open.values(), ...this.#gone.values()].map(({ way }) => way), ...this.#retired];
    await Promise.all(ways.map((way) => way.close()));
  }

  #find(name: string): Entry | undefined {
    return this.#open.get(name) ?? this.#gone.get(name);
  }

  async #toEntry(settings: ConnectionSettings, budget: Budget): Promise<Entry> {
    const before = this.#open.get(settings.name);
    if (before !== undefined && before.budget === budget && isDeepStrictEqual(toAccess(before.settings), toAccess(settings))) return { ...before, settings };
    return { settings, budget, way: new Way(await this.#options.openCloud(settings, budget)), revision: before === undefined ? 0 : before.revision + 1 };
  }

  #retire(way: Way): void {
    this.#retired.add(way);
    void way.retire().finally(() => this.#retired.delete(way));
  }
}

interface Entry {
  readonly settings: ConnectionSettings;
  readonly budget: Budget;
  readonly way: Way;
  readonly revision: number;
}

/** What a change of needs another way to Cloudflare. */
function toAccess({ apiUrl, credential, proxyUrl, ssl, timeoutMs }: ConnectionSettings): object {
  return { apiUrl, credential, proxyUrl, ssl, timeoutMs };
}

/** An open API that closes when it is retired and nobody uses it any more. */
class Way {
  readonly cloud: Cloudflare;
  #uses = 0;
  #closed: Promise<void> | undefined;
  #onUnused: (() => void) | undefined;

  constructor(cloud: Cloudflare) {
    this.cloud = cloud;
  }

  use(): () => void {
    this.#uses += 1;
    return () => {
      this.#uses -= 1;
      if (this.#uses === 0) this.#onUnused?.();
    };
  }

  async retire(): Promise<void> {
    if (this.#uses > 0) await new Promise<void>((resolve) => (this.#onUnused = resolve));
    await this.close();
  }

  close(): Promise<void> {
    this.#closed ??= this.cloud.close();
    return this.#closed;
  }
}
