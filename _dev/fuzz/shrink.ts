import type { Envelope } from '../../src/pipeline/local/compile-runner.ts';
import { parseTree, placesOf, printTree, replaceAt, subtreeAt } from './tree.ts';

const MAX_CANDIDATES = 200;
const MAX_ROUNDS = 60;
/** Places of a record that are tried in one round, those nearest to its root. */
const MAX_PLACES = 150;
/** Pieces that a text is cut into at most in one round; later rounds cut finer. */
const MAX_CUTS = 30;

/**
 * The smallest event that still fails, found by leaving out and simplifying parts; `failing` tells for each event whether it fails, and is asked about many at
 * once.
 */
export async function shrink(envelope: Envelope, failing: (envelopes: readonly Envelope[]) => Promise<readonly boolean[]>): Promise<Envelope> {
  let smallest = envelope;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const size = sizeOf(smallest);
    const smaller = toSmaller(smallest).filter((candidate) => sizeOf(candidate) < size);
    const next = await findFailing(smaller, failing);
    if (next === undefined) return smallest;
    smallest = next;
  }
  return smallest;
}

async function findFailing(
  envelopes: readonly Envelope[],
  failing: (envelopes: readonly Envelope[]) => Promise<readonly boolean[]>,
): Promise<Envelope | undefined> {
  for (let start = 0; start < envelopes.length; start += MAX_CANDIDATES) {
    const tried = envelopes.slice(start, start + MAX_CANDIDATES);
    const fails = await failing(tried);
    const found = tried.find((_, index) => fails[index]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function sizeOf(envelope: Envelope): number {
  return JSON.stringify(envelope).length;
}

/** Smaller events, the smallest steps last. */
function toSmaller(envelope: Envelope): readonly Envelope[] {
  const { message } = envelope;
  const frames = Object.keys(envelope)
    .filter((key) => key !== 'message')
    .map((key) => Object.fromEntries(Object.entries(envelope).filter(([name]) => name !== key)));
  if (typeof message !== 'string') return frames;
  const texts = parseTree(message) === undefined ? cutText(message) : simplify(message);
  return [...texts.map((text) => ({ ...envelope, message: text })), ...frames];
}

function simplify(message: string): readonly string[] {
  const tree = parseTree(message) ?? {};
  const places = placesOf(tree)
    .toSorted((a, b) => a.length - b.length)
    .slice(0, MAX_PLACES);
  const without = places.map((place) => replaceAt(tree, place, undefined) ?? {});
  const simpler = places.flatMap((place) => {
    const subtree = subtreeAt(tree, place) ?? 'null';
    const inner = typeof subtree === 'string' ? simplifyLeaf(subtree) : Object.values(subtree);
    return inner.map((other) => replaceAt(tree, place, other) ?? {});
  });
  return [...without, ...simpler].map(printTree);
}

function simplifyLeaf(leaf: string): readonly string[] {
  if (leaf.length < 4) return [];
  if (!leaf.startsWith('"')) return ['0', '1'];
  return ['""', '"a"', ...cutText(leaf.slice(1, -1)).map((text) => `"${text}"`)].filter((text) => parseTree(text) !== undefined);
}

/** A text without one of its pieces: halves, quarters, and so on, down to single characters where it is short. */
function cutText(text: string): readonly string[] {
  const cuts: string[] = [];
  for (let size = Math.ceil(text.length / 2); cuts.length < MAX_CUTS; size = Math.ceil(size / 2)) {
    for (let at = 0; at < text.length && cuts.length < 2 * MAX_CUTS; at += size) cuts.push(text.slice(0, at) + text.slice(at + size));
    if (size <= 1) break;
  }
  return cuts;
}
