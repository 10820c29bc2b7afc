import { compilePaths, cutElements, cutSpans, toScalar } from './cut-values.ts';

/** What a body with a list of records says. */
export type ParsedPage =
  | {
      readonly kind: 'page';
      /** The bytes of each record, parts of the body. */
      readonly records: readonly Buffer[];
      /** Page size that the server says it used. */
      readonly pageSize: number | undefined;
    }
  /** A failure under a good status; `errors` is JSON with the body's errors. */
  | { readonly kind: 'refused'; readonly errors: string }
  | { readonly kind: 'noJson' }
  | { readonly kind: 'noList' };

/** Cuts the records from a body without decoding them; `key` holds their list, null is an empty one. */
export function parsePage(body: Buffer, key: string): ParsedPage {
  const tree = compilePaths(['success', 'errors', key, 'result_info.per_page']);
  const spans = new Int32Array(8);
  if (!cutSpans(body, { start: 0, end: body.length }, tree, spans)) return { kind: 'noJson' };
  const [, , errors = -1, errorsEnd = -1, list = -1, listEnd = -1, size = -1, sizeEnd = -1] = spans;
  const hasErrors = body[errors] === 0x5b && cutElements(body, { start: errors, end: errorsEnd }).length > 0;
  if (toScalar(body, spans[0] as number, spans[1] as number) === false || hasErrors) {
    return { kind: 'refused', errors: hasErrors ? `{"errors":${body.toString('utf8', errors, errorsEnd)}}` : '{}' };
  }
  const pageSize = Number(toScalar(body, size, sizeEnd));
  const found = { kind: 'page', pageSize: pageSize > 0 ? pageSize : undefined } as const;
  if (list >= 0 && body.toString('latin1', list, listEnd) === 'null') return { ...found, records: [] };
  if (list < 0 || body[list] !== 0x5b) return { kind: 'noList' };
  return { ...found, records: cutElements(body, { start: list, end: listEnd }).map(({ start, end }) => body.subarray(start, end)) };
}
