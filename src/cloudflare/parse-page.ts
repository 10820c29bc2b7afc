import { compilePaths, cutElements, cutSpans, toScalar } from './cut-values.ts';

/** What a body with a list of records says. */
export type ParsedPage =
  | {
      readonly kind: 'page';
      /** The bytes of each record, parts of the body. */
      readonly records: readonly Buffer[];
      /** Page size that the server says it used. */
      readonly pageSize: number | undefined;
      /** The cursor of the next page. */
      readonly cursor: string | undefined;
    }
  /** A failure under a good status; `errors` is JSON with the body's errors. */
  | { readonly kind: 'refused'; readonly errors: string }
  | { readonly kind: 'noJson' }
  | { readonly kind: 'noList' };

const PAGE_SIZE = 'result_info.per_page';

/** Cuts the records from a body without decoding them; `key` holds their list, null is an empty one. The next cursor stands at one of `cursorPaths`. */
export function parsePage(body: Buffer, key: string, cursorPaths: readonly string[] = []): ParsedPage {
  const tree = compilePaths(['success', 'errors', key, PAGE_SIZE, ...cursorPaths]);
  const spans = new Int32Array(8 + 2 * cursorPaths.length);
  if (!cutSpans(body, { start: 0, end: body.length }, tree, spans)) return { kind: 'noJson' };
  const [, , errors = -1, errorsEnd = -1, list = -1, listEnd = -1, size = -1, sizeEnd = -1] = spans;
  const hasErrors = body[errors] === 0x5b && cutElements(body, { start: errors, end: errorsEnd }).length > 0;
  if (toScalar(body, spans[0] as number, spans[1] as number) === false || hasErrors) {
    return { kind: 'refused', errors: hasErrors ? `{"errors":${body.toString('utf8', errors, errorsEnd)}}` : '{}' };
  }
  const pageSize = Number(toScalar(body, size, sizeEnd));
  const cursors = cursorPaths.map((_, index) => toScalar(body, spans[8 + 2 * index] as number, spans[9 + 2 * index] as number));
  const cursor = cursors.find((value) => value !== undefined && value !== '' && value !== false);
  const found = { kind: 'page', pageSize: pageSize > 0 ? pageSize : undefined, cursor: cursor === undefined ? undefined : String(cursor) } as const;
  if (list >= 0 && body.toString('latin1', list, listEnd) === 'null') return { ...found, records: [] };
  if (list < 0 || body[list] !== 0x5b) return { kind: 'noList' };
  return { ...found, records: cutElements(body, { start: list, end: listEnd }).map(({ start, end }) => body.subarray(start, end)) };
}
