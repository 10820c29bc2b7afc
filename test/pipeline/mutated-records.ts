import { CONVERSION_CASES } from './cases/conversions.ts';
import { openRandom } from './random.ts';

/** A record as a tree whose leaves are JSON texts, so that 1.0, large numbers and half pairs stay what they are. */
type Tree = string | { readonly [key: string]: Tree };

const ACTIONS = ['"login"', '"rec_add"', '"LOGIN"', '"change_setting"', '"API_key_created"', '"İΣ"'];

const BASE: Readonly<Record<string, Tree>> = {
  id: '"d5b0f326-1232-4452-8858-1089bd7168ef"',
  when: '"2026-11-18T09:12:44.123456Z"',
  action: { type: '"login"', result: 'true', info: '""' },
  actor: { id: '"7c5dae5552338874e5053f2534d2767a"', email: '"Ops@Example.com"', ip: '"89.160.20.112"', type: '"user"' },
  interface: '"UI"',
  metadata: { zone_name: '"example.com"', count: '5', nested: { a: { b: '[1,{"c":1.0}]' } } },
  newValueJson: { content: '"192.0.2.10"', ttl: '1', proxied: 'true' },
  oldValueJson: '{}',
  owner: { id: '"023e105f4ecef8ad9ca31a8372d0c353"' },
  resource: { id: '"372e67954025e0ba6aaa6d586b9e0b59"', type: '"DNS_record"' },
};

const VALUES = [...new Set(Object.values(CONVERSION_CASES).flatMap((cases) => cases.flatMap(([input]) => (input === undefined ? [] : [input]))))];

/**
 * Records made from one by a few random changes each: values of other types, missing and added keys, nesting, and now and then a text that
 * is no JSON any more. The same for the same seed.
 */
export function mutatedRecords(seed: number, count: number): readonly string[] {
  const random = openRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const mutate = (tree: Tree, chance: number): Tree | undefined => {
    if (random() < chance) {
      const kind = random();
      if (kind < 0.15) return undefined;
      if (kind < 0.25) return { [pick(['a', 'value', 'id', '\0', '', 'a.b'])]: tree };
      return kind < 0.35 ? pick(ACTIONS) : pick(VALUES);
    }
    if (typeof tree === 'string') return tree;
    const entries = Object.entries(tree).map(([key, child]) => [key, mutate(child, chance)] as const);
    return Object.fromEntries(entries.filter((entry): entry is readonly [string, Tree] => entry[1] !== undefined));
  };
  return Array.from({ length: count }, (_, index) => {
    const text = print(mutate({ ...BASE, id: `"${index}"` }, 0.12) ?? {});
    return random() < 0.05 ? damage(text, random) : text;
  });
}

function print(tree: Tree): string {
  if (typeof tree === 'string') return tree;
  return `{${Object.entries(tree)
    .map(([key, child]) => `${JSON.stringify(key)}:${print(child)}`)
    .join(',')}}`;
}

function damage(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  const kind = random();
  if (kind < 0.3) return text.slice(0, at);
  if (kind < 0.6) return text.slice(0, at) + text.slice(at + 1);
  return `${text.slice(0, at)}${['"', '\\', ',', '}', '\u0000', '\ud800', '0', ' '][Math.floor(random() * 8)]}${text.slice(at)}`;
}
