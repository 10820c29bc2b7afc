import type { StateIndex, Version, Versioned } from '../../src/elasticsearch/state-index.ts';

interface Stored {
  readonly text: string;
  readonly version: Version;
}

/** A state index in memory that counts its requests. */
export interface MemoryStateIndex extends StateIndex {
  /** How often Elasticsearch would have been asked. */
  requests: number;
  /** The same documents for one process; `pass` lets a request through, holds it back or refuses it. */
  connect(pass: () => Promise<void>): StateIndex;
}

/** Makes an empty index: every write has a number of its own, and a search sees every write. */
export function createMemoryStateIndex(): MemoryStateIndex {
  const documents = new Map<string, Stored>();
  let seqNo = 0;
  const index: MemoryStateIndex = {
    requests: 0,
    connect: (pass) => gate(index, pass),
    get: async <Content>(id: string) => {
      index.requests += 1;
      return toVersioned<Content>(documents.get(id));
    },
    put: async (id, content, seen) => {
      index.requests += 1;
      const stored = documents.get(id);
      const fits = seen === 'new' ? stored === undefined : stored?.version.seqNo === seen.seqNo;
      return fits ? write(id, content) : undefined;
    },
    overwrite: async (id, content) => {
      index.requests += 1;
      write(id, content);
    },
    remove: async (id) => {
      index.requests += 1;
      documents.delete(id);
    },
    list: async <Content>(kind: string, { stale = false, without = '' } = {}) => {
      index.requests += stale ? 1 : 2;
      return [...documents.entries()]
        .map(([id, stored]) => ({
          id,
          ...(toVersioned<Content & { kind: string; key: string }>(stored) as Versioned<Content & { kind: string; key: string }>),
        }))
        .filter(({ content }) => content.kind === kind)
        .map(({ content, ...rest }) => ({ ...rest, content: { ...content, [without]: undefined } }))
        .sort((a, b) => (a.content.key < b.content.key ? -1 : 1));
    },
  };
  function write(id: string, content: object): Version {
    seqNo += 1;
    documents.set(id, { text: JSON.stringify(content), version: { seqNo, primaryTerm: 1 } });
    return { seqNo, primaryTerm: 1 };
  }
  return index;
}

function toVersioned<Content>(stored: Stored | undefined): Versioned<Content> | undefined {
  return stored === undefined ? undefined : { content: JSON.parse(stored.text) as Content, version: stored.version };
}

function gate(index: StateIndex, pass: () => Promise<void>): StateIndex {
  const through =
    <Given extends readonly unknown[], Result>(call: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      await pass();
      return call(...given);
    };
  return {
    get: through(index.get) as StateIndex['get'],
    put: through(index.put),
    overwrite: through(index.overwrite),
    remove: through(index.remove),
    list: through(index.list) as StateIndex['list'],
  };
}
