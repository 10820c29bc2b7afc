import { CONDITION_FUNCTIONS } from './condition-functions.ts';
import { CONVERSION_FUNCTIONS } from './conversion-functions.ts';
import { FINISH_FUNCTIONS } from './finish-functions.ts';
import { FRAME_FUNCTIONS } from './frame-functions.ts';
import { OBJECT_FUNCTIONS } from './object-functions.ts';
import { PLACE_FUNCTIONS } from './place-functions.ts';
import { TABLE_FUNCTIONS } from './table-functions.ts';
import { TIME_FUNCTIONS } from './time-functions.ts';
import { VALUE_FUNCTIONS } from './value-functions.ts';

/** Functions that generated scripts may call, by name. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  ...VALUE_FUNCTIONS,
  ...TIME_FUNCTIONS,
  ...CONVERSION_FUNCTIONS,
  ...PLACE_FUNCTIONS,
  ...OBJECT_FUNCTIONS,
  ...CONDITION_FUNCTIONS,
  ...TABLE_FUNCTIONS,
  ...FRAME_FUNCTIONS,
  ...FINISH_FUNCTIONS,
};

/** The functions that a script's code calls, and those that they call, in a stable order. */
export function functionsFor(code: string): readonly string[] {
  const used = new Set<string>();
  const collect = (text: string): void => {
    for (const [, name = ''] of text.matchAll(/(?<![.\w])(\w+)\(/g)) {
      const found = Object.hasOwn(FUNCTIONS, name) && !used.has(name) ? FUNCTIONS[name] : undefined;
      if (found === undefined) continue;
      used.add(name);
      collect(found);
    }
  };
  collect(code);
  return Object.entries(FUNCTIONS).flatMap(([name, body]) => (used.has(name) ? [body] : []));
}
