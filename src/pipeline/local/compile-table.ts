import type { GroupStep, ListedStep } from '../step.ts';
import type { JsonValue } from '../value.ts';
import { wordsOf } from './compile-condition.ts';
import type { Act } from './compile-step.ts';
import { compileGet, compilePut } from './path.ts';

/** Compiles the look-up of a group to a closure. */
export function compileGroup({ field, of, groups }: GroupStep): Act {
  const gets = of.map(compileGet);
  const put = compilePut(field);
  const names = Object.keys(groups);
  const places = new Map(Object.values(groups).flatMap((texts, index) => texts.map((text) => [text, index] as const)));
  return ({ document }) => {
    for (const get of gets) {
      const place = findPlace(get(document), places);
      if (place === undefined) continue;
      put(document, names[place] as string);
      return;
    }
  };
}

/** The first group of the table that the whole value belongs to, or else one of its words. */
function findPlace(value: JsonValue | undefined, places: ReadonlyMap<string, number>): number | undefined {
  if (typeof value !== 'string') return undefined;
  const whole = places.get(value);
  if (whole !== undefined) return whole;
  const found = wordsOf(value).flatMap((word) => places.get(word) ?? []);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** Compiles the look-up in a list that the sender knows to a closure. */
export function compileListed({ field, of, in: name }: ListedStep): Act {
  const gets = of.map(compileGet);
  const put = compilePut(field);
  return ({ document, conf }) => {
    const list = Object.hasOwn(conf, name) ? conf[name] : undefined;
    if (!Array.isArray(list)) return;
    const texts = new Set(list.map(toLower));
    const values = gets.map((get) => toLower(get(document)));
    if (values.some((value) => value !== undefined && texts.has(value))) put(document, true);
  };
}

function toLower(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value.toLowerCase() : undefined;
}
