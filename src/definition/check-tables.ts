import type { FieldDeclaration } from './declaration.ts';
import type { Report } from './report.ts';

/** So many groups fit into a number of JSON, one bit each. */
const maxGroups = 52;

/** What a field's table means: the field can hold what is found in it, and each text leads to one group. */
export function checkTables({ name, groups, listed }: FieldDeclaration, type: string, report: Report): void {
  if (listed !== undefined && type !== 'boolean') report('listed', `${name} is ${type}, but listed needs boolean`, 'Give it the type boolean.');
  if (groups === undefined) return;
  if (type !== 'keyword') report('groups', `${name} is ${type}, but a group needs keyword`, 'Give it the type keyword.');
  const count = Object.keys(groups.words).length;
  if (count > maxGroups) report('groups.words', `${count} groups are more than the ${maxGroups} that there can be`, 'Merge some of them.');
  const seen = new Map<string, string>();
  for (const [group, texts] of Object.entries(groups.words)) {
    for (const text of texts) {
      const other = seen.get(text);
      if (other !== undefined) report(`groups.words.${group}`, `${text} belongs to ${other} already`, 'Remove one of the two.');
      seen.set(text, group);
    }
  }
}
