import { dump } from 'js-yaml';

/** YAML text of plain data: keys in the given order, lines never folded, strings that could be read as something else quoted. */
export function renderYaml(value: unknown): string {
  return dump(value, { lineWidth: -1, noRefs: true });
}
