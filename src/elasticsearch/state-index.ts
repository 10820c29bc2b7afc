import type { Elasticsearch } from './client.ts';

/** Which write of a document was seen: a later write by somebody else makes another one. */
export interface Version {
  readonly seqNo: number;
  readonly primaryTerm: number;
}

/** A document as it was read. */
export interface Versioned<Content> {
  readonly content: Content;
  readonly version: Version;
}

/** Small documents that collectors share. Every write names what it has seen, so that of two that race one wins and the other is told. */
export interface StateIndex {
  /** The document as it is now, not as a search sees it. */
  get<Content>(id: string, signal?: AbortSignal): Promise<Versioned<Content> | undefined>;
  /**
   * Writes where nobody wrote since: `seen` is the version that the writer has read, `new` where there was none.
   * @returns the version written; undefined where somebody else was first
   */
  put(id: string, content: object, seen: Version | 'new', signal?: AbortSignal): Promise<Version | undefined>;
  /** Writes whatever is there: for documents that one process owns. */
  overwrite(id: string, content: object, signal?: AbortSignal): Promise<void>;
  /** Nothing happens where there is none. */
  remove(id: string): Promise<void>;
  /** Every document whose `kind` is this one, in the order of keys, as of now. */
  list<Content>(kind: string, options?: ListOptions): Promise<readonly (Versioned<Content> & { readonly id: string })[]>;
}

/** How to list. */
export interface ListOptions {
  /** A field that is left out of what is read. */
  readonly without?: string;
  /** Asks for no refresh: what was written in the last second may be missing. @default false */
  readonly stale?: boolean;
  readonly signal?: AbortSignal;
}

interface Written {
  readonly _seq_no: number;
  readonly _primary_term: number;
}

interface Found extends Written {
  readonly _id: string;
  readonly _source: unknown;
}

const PAGE = 1_000;

/**
 * Opens the index of that name; it is made by the first write, from the template that `install` puts there. A document's fields `kind` and
 * `key` are keywords, nothing else is searched.
 */
export function openStateIndex(client: Elasticsearch, index: string): StateIndex {
  const at = (path: string): string => `/${encodeURIComponent(index)}/${path}`;
  const toDocument = (id: string): string => at(`_doc/${encodeURIComponent(id)}`);
  const write = async (
    id: string,
    content: object,
    { query, signal }: { readonly query: Readonly<Record<string, string | number>>; readonly signal?: AbortSignal | undefined },
  ) => {
    const { status, body } = await client.request<Written>({
      attempt: `writing the state ${id}`,
      method: 'PUT',
      path: toDocument(id),
      query,
      body: content,
      allow: [409],
      ...toSignal({ signal }),
    });
    return status === 409 ? undefined : toVersion(body);
  };
  return {
    get: async <Content>(id: string, signal?: AbortSignal) => {
      const { status, body } = await client.request<Found>({
        attempt: `reading the state ${id}`,
        method: 'GET',
        path: toDocument(id),
        allow: [404],
        ...toSignal({ signal }),
      });
      return status === 404 ? undefined : { content: body._source as Content, version: toVersion(body) };
    },
    put: (id, content, seen, signal) =>
      write(id, content, { query: seen === 'new' ? { op_type: 'create' } : { if_seq_no: seen.seqNo, if_primary_term: seen.primaryTerm }, signal }),
    overwrite: async (id, content, signal) => {
      await write(id, content, { query: {}, signal });
    },
    remove: async (id) => {
      await client.request({ attempt: `removing the state ${id}`, method: 'DELETE', path: toDocument(id), allow: [404] });
    },
    list: async <Content>(kind: string, { stale = false, ...options }: ListOptions = {}) => {
      const found: Found[] = [];
      if (!stale) await client.request({ attempt: 'refreshing the state', method: 'POST', path: at('_refresh'), allow: [404], ...toSignal(options) });
      for (let page = await searchPage(client, at('_search'), { kind, ...options }); page.length > 0; ) {
        found.push(...page);
        const last = page.length < PAGE ? undefined : (page.at(-1)?._source as { readonly key?: string } | undefined)?.key;
        page = last === undefined ? [] : await searchPage(client, at('_search'), { kind, after: last, ...options });
      }
      return found.map((hit) => ({ id: hit._id, content: hit._source as Content, version: toVersion(hit) }));
    },
  };
}

interface Search {
  readonly kind: string;
  /** The `key` of the last document seen. */
  readonly after?: string;
  readonly without?: string;
  readonly signal?: AbortSignal;
}

async function searchPage(client: Elasticsearch, path: string, { kind, after, without, signal }: Search): Promise<readonly Found[]> {
  const { status, body } = await client.request<{ readonly hits?: { readonly hits?: readonly Found[] } }>({
    attempt: `listing the state of kind ${kind}`,
    method: 'POST',
    path,
    query: { allow_partial_search_results: false },
    body: {
      query: { term: { kind } },
      size: PAGE,
      seq_no_primary_term: true,
      sort: ['key'],
      ...(after === undefined ? {} : { search_after: [after] }),
      ...(without === undefined ? {} : { _source: { excludes: [without] } }),
    },
    allow: [404],
    ...toSignal({ signal }),
  });
  return status === 404 ? [] : (body.hits?.hits ?? []);
}

function toVersion({ _seq_no: seqNo, _primary_term: primaryTerm }: Written): Version {
  return { seqNo, primaryTerm };
}

function toSignal({ signal }: { readonly signal?: AbortSignal | undefined }): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
