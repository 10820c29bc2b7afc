import type { Envelope } from '../../src/pipeline/local/compile-runner.ts';
import type { EventSeeds } from './base-records.ts';
import { damage } from './damage.ts';
import { openRandom, type Random } from './random.ts';
import { placesOf, printTree, replaceAt, subtreeAt, type Tree } from './tree.ts';
import { ODD_KEYS, ODD_VALUES } from './values.ts';

const MAX_CHANGES = 6;

/** Events of a stream, made from its fixtures by a few random changes each; the same for the same seed. */
export function* makeEvents(seeds: EventSeeds, seed: number): Generator<Envelope> {
  const random = openRandom(seed);
  for (;;) {
    const { tree, conf } = random.pick(seeds.records);
    const base = random.chance(0.15) ? toSynthetic(seeds, random) : tree;
    const text = printTree(mutate(base, seeds, random));
    const message = random.chance(0.1) ? damage(text, random) : text;
    yield wrap({ message, _conf: choose(conf ?? {}, seeds, random), tags: ['forwarded'] }, random);
  }
}

/** Now and then with a choice of the user, or with what is none. */
function choose(conf: unknown, { switches }: EventSeeds, random: Random): unknown {
  const chosen = switches.filter(() => random.chance(0.2)).map((name) => [name, random.pick([true, false, false, null, 'false', 0])]);
  return chosen.length === 0 ? conf : { ...(conf as object), ...Object.fromEntries(chosen) };
}

/** A record with odd values at some of the paths that the declarations read. */
function toSynthetic({ paths, texts }: EventSeeds, random: Random): Tree {
  let tree: Tree = {};
  for (const path of paths) if (random.chance(0.3)) tree = replaceAt(tree, path, pickValue(texts, random)) ?? {};
  return tree;
}

function mutate(base: Tree, seeds: EventSeeds, random: Random): Tree {
  let tree = base;
  const changes = random.below(MAX_CHANGES + 1);
  for (let change = 0; change < changes; change++) tree = mutateOnce(tree, seeds, random);
  return tree;
}

type Change = (old: Tree, seeds: EventSeeds, random: Random) => Tree | undefined;

/** What may become of the value at a place; a change stands here several times where it is more frequent. */
const CHANGES: readonly Change[] = [
  () => undefined,
  () => undefined,
  (old, _, random) => ({ [random.pick(ODD_KEYS)]: old }),
  (old) => [old],
  (old, { texts }, random) => [old, pickValue(texts, random)],
  (old, _, random) => spell(old, random),
  (old, _, random) => spell(old, random),
  ...Array.from(
    { length: 7 },
    (): Change =>
      (_, { texts }, random) =>
        pickValue(texts, random),
  ),
];

function mutateOnce(tree: Tree, seeds: EventSeeds, random: Random): Tree {
  const places = placesOf(tree);
  const declared = places.length === 0 || random.chance(0.4);
  const place = declared ? random.pick(seeds.paths.length === 0 ? [['a']] : seeds.paths) : random.pick(places);
  if (random.chance(0.1)) return replaceAt(tree, place, subtreeAt(random.pick(seeds.records).tree, place)) ?? {};
  const parent = random.chance(0.05) ? place.slice(0, -1) : place;
  return replaceAt(tree, parent, random.pick(CHANGES)(subtreeAt(tree, parent) ?? 'null', seeds, random)) ?? {};
}

/** The same number or text, spelled otherwise, or nearly the same. */
function spell(old: Tree, random: Random): Tree {
  if (typeof old !== 'string') return old;
  if (/^-?\d+$/.test(old)) return random.pick([`${old}.0`, `"${old}"`, `${old}e0`, `${old}0`, `-${old.replace('-', '')}`, `${old}.5`]);
  if (!old.startsWith('"')) return `"${old}"`;
  return random.pick([old.toUpperCase().replaceAll('\\U', '\\u'), `"${old.slice(1, -1)} "`, `"${old.slice(1, -1).repeat(2)}"`, `[${old}]`]);
}

function pickValue(texts: readonly string[], random: Random): string {
  return texts.length > 0 && random.chance(0.3) ? random.pick(texts) : random.pick(ODD_VALUES);
}

/** Now and then an event whose frame is out of order. */
function wrap(envelope: Envelope, random: Random): Envelope {
  if (!random.chance(0.04)) return envelope;
  const { message, _conf, ...rest } = envelope;
  return random.pick<Envelope>([
    { message, ...rest },
    { message, _conf: 'v1', ...rest },
    { message, _conf: { source: 'v9', account_id: 5, zone_id: null }, ...rest },
    { message, _conf },
    { message, _conf, tags: 'forwarded' },
    { message, _conf, tags: ['preserve_original_event'] },
    { message: '{"id":"other"}', _conf, event: { original: message }, tags: [] },
    { _conf, ...rest },
    { ...envelope, '@timestamp': '2026-11-20T00:00:00.000Z', ecs: { version: '8.0.0' }, cloud: { provider: 'x' }, agent: { id: 'a' } },
    { ...envelope, event: { dataset: 'x', category: ['network'] }, related: { ip: ['192.0.2.9'] }, source: 'text' },
  ]);
}
