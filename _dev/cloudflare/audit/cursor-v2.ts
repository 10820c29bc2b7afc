/** Where a page of version 2 begins: behind so many events of this time, in the order of the query. */
export interface CursorV2 {
  readonly micros: number;
  readonly skip: number;
  /** What it was made for; it means nothing with other bounds or another order. */
  readonly query: string;
}

/** The parameters that a cursor is bound to. */
export function toCursorQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'cursor' && name !== 'limit')
    .map((pair) => pair.join('='))
    .sort()
    .join('&');
}

/** A cursor as opaque text. */
export function renderCursor(cursor: CursorV2): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** The cursor that a text stands for; undefined where it is none, or one of another query. */
export function parseCursor(text: string, query: string): CursorV2 | undefined {
  try {
    const cursor = JSON.parse(Buffer.from(text, 'base64url').toString()) as CursorV2;
    return cursor.query === query && Number.isSafeInteger(cursor.micros) && Number.isSafeInteger(cursor.skip) ? cursor : undefined;
  } catch {
    return undefined;
  }
}
