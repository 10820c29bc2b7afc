import { enter, jsonBytes, type Scan, skipColon, skipList, skipSpace, skipString, skipValue, toNext } from './skip-json.ts';

/** The keys wanted of one object, found by length first. */
export interface PathTree {
  readonly byLength: readonly (readonly PathNode[] | undefined)[];
  readonly byName: ReadonlyMap<string, PathNode>;
  /** How many objects it is inside of. */
  readonly depth: number;
}

interface PathNode {
  readonly key: Buffer;
  readonly slot: number | undefined;
  readonly below: PathTree | undefined;
  /** Every slot of this key and below it. */
  readonly slots: readonly number[];
}

/** What a value of JSON may be cut into: a list or an object is undefined, as is null or a missing value. */
export type CutValue = string | number | bigint | boolean | undefined;

interface IndexedPath {
  readonly slot: number;
  readonly keys: readonly string[];
}

/** Prepares dotted record paths for `cutSpans`; the slot of a path is its place in the list, in which each stands once. */
export function compilePaths(paths: readonly string[]): PathTree {
  return toTree(
    paths.map((path, slot) => ({ slot, keys: path.split('.') })),
    0,
  );
}

function toTree(paths: readonly IndexedPath[], depth: number): PathTree {
  const names = [...new Set(paths.map(({ keys }) => String(keys[0])))];
  const byName = new Map(names.map((name) => [name, toNode(name, paths, depth)] as const));
  const byLength: PathNode[][] = [];
  for (const node of byName.values()) {
    const list = byLength[node.key.length] ?? [];
    list.push(node);
    byLength[node.key.length] = list;
  }
  return { byLength: Array.from(byLength), byName, depth };
}

function toNode(name: string, paths: readonly IndexedPath[], depth: number): PathNode {
  const mine = paths.filter(({ keys }) => keys[0] === name);
  const below = mine.filter(({ keys }) => keys.length > 1).map(({ slot, keys }) => ({ slot, keys: keys.slice(1) }));
  return {
    key: Buffer.from(name),
    slot: mine.find(({ keys }) => keys.length === 1)?.slot,
    below: below.length === 0 ? undefined : toTree(below, depth + 1),
    slots: mine.map(({ slot }) => slot),
  };
}

/** A range of bytes to cut from. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A scan that notes where values stand: start and end of slot n at 2n and 2n + 1, -1 where the object has no such path. */
export interface SpanScan extends Scan {
  readonly spans: Int32Array;
}

/** As `scanSpans`, for one use. */
export function cutSpans(bytes: Buffer, { start, end }: Span, tree: PathTree, spans: Int32Array): boolean {
  return scanSpans({ bytes, end, spans }, start, tree);
}

/**
 * Finds the values of the paths in the bytes of one JSON object, whatever the order of its keys; of equal keys the last wins.
 * @returns false where the bytes are anything but one JSON object
 */
export function scanSpans(scan: SpanScan, start: number, tree: PathTree): boolean {
  scan.spans.fill(-1);
  const at = skipSpace(scan, start);
  if (at >= scan.end || scan.bytes[at] !== jsonBytes.openObject) return false;
  const after = cutObject(scan, at, tree);
  return after >= 0 && skipSpace(scan, after) === scan.end;
}

function cutObject(scan: SpanScan, at: number, tree: PathTree): number {
  let position = enter(scan, at, tree.depth);
  while (position > 0) {
    const keyEnd = skipString(scan, position);
    const value = skipColon(scan, keyEnd);
    if (value < 0) return -1;
    const node = findNode(scan.bytes, { start: position + 1, end: keyEnd - 1 }, tree);
    const after = node === undefined ? skipValue(scan, value, tree.depth + 1) : cutValue(scan, value, { node, tree });
    position = toNext(scan, after, jsonBytes.closeObject);
  }
  return -position - 1;
}

function cutValue(scan: SpanScan, value: number, { node, tree }: { readonly node: PathNode; readonly tree: PathTree }): number {
  const { spans, bytes } = scan;
  for (const slot of node.slots) spans[2 * slot] = -1;
  const inside = node.below !== undefined && bytes[value] === jsonBytes.openObject ? node.below : undefined;
  const after = inside === undefined ? skipValue(scan, value, tree.depth + 1) : cutObject(scan, value, inside);
  if (node.slot !== undefined) {
    spans[2 * node.slot] = value;
    spans[2 * node.slot + 1] = after;
  }
  return after;
}

function findNode(bytes: Buffer, { start, end }: Span, tree: PathTree): PathNode | undefined {
  const nodes = tree.byLength[end - start];
  if (nodes !== undefined) for (const node of nodes) if (isSame(bytes, start, node.key)) return node;
  return hasBackslash(bytes, start, end) ? tree.byName.get(JSON.parse(bytes.toString('utf8', start - 1, end + 1)) as string) : undefined;
}

function isSame(bytes: Buffer, start: number, key: Buffer): boolean {
  for (let index = 0; index < key.length; index += 1) if (bytes[start + index] !== key[index]) return false;
  return true;
}

function hasBackslash(bytes: Buffer, start: number, end: number): boolean {
  for (let position = start; position < end; position += 1) if (bytes[position] === 0x5c) return true;
  return false;
}

/** The scalar in a span that `cutSpans` found; integers are exact. Bytes that are no UTF-8 become U+FFFD. */
export function toScalar(bytes: Buffer, start: number, end: number): CutValue {
  if (start < 0) return undefined;
  const byte = bytes[start] as number;
  if (byte === 0x22) {
    return hasBackslash(bytes, start, end) ? (JSON.parse(bytes.toString('utf8', start, end)) as string) : bytes.toString('utf8', start + 1, end - 1);
  }
  if (byte === 0x74) return true;
  if (byte === 0x66) return false;
  return byte === 0x2d || (byte >= 0x30 && byte <= 0x39) ? toNumber(bytes.toString('latin1', start, end)) : undefined;
}

/** How the value in a span goes into a document id: text as it is, integers in digits, booleans in words; nothing else does. */
export function toIdPart(bytes: Buffer, start: number, end: number): string | undefined {
  if (start >= 0 && isPlainInteger(bytes, start, end)) return bytes.toString('latin1', start, end);
  const value = toScalar(bytes, start, end);
  // Adding 0 takes the sign from a negative zero.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value + 0) : undefined;
  return value === undefined ? undefined : String(value);
}

function isPlainInteger(bytes: Buffer, start: number, end: number): boolean {
  for (let position = start; position < end; position += 1) if ((bytes[position] as number) < 0x30 || (bytes[position] as number) > 0x39) return false;
  return true;
}

function toNumber(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) || /[.eE]/.test(text) ? value : BigInt(text);
}

/** Start and end of every element of the JSON list that begins at `start`; the list has been scanned before. */
export function cutElements(bytes: Buffer, { start, end }: Span): readonly Span[] {
  const elements: Span[] = [];
  skipList({ bytes, end }, start, { depth: 0, take: (first, after) => void elements.push({ start: first, end: after }) });
  return elements;
}
