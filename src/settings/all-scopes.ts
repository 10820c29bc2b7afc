import type { Variable } from '../definition/definition.ts';
import type { AllScopes, CloudflareCredential } from './settings.ts';
import { toList } from './to-list.ts';
import type { Report } from './to-settings.ts';

type Values = Readonly<Record<string, unknown>>;

interface AllContext {
  readonly credential: CloudflareCredential;
  readonly report: Report;
}

/** What `all` in place of ids means; undefined where ids are named. Filters without `all`, and `all` that cannot be asked for, are reported. */
export function toAllScopes(variables: readonly Variable[], values: Values, { credential, report }: AllContext): AllScopes | undefined {
  const found = variables.find(({ all, name }) => all === true && toList(values[name]).includes('all'));
  if (found === undefined) {
    reportUnusedNames(variables, values, report);
    return undefined;
  }
  const scope = found.name === 'account_id' ? 'account' : 'zone';
  if (toList(values[found.name]).length > 1) report(`.${found.name}`, 'all stands beside other values', 'Write all, or ids.');
  if (scope === 'account' && credential.kind === 'token' && credential.token.startsWith('cfat_')) {
    report('.account_id', 'a token that an account owns cannot list accounts', 'Name the ids of the accounts; it sees none but its own.');
  }
  return { scope, names: toNames(`${scope}_name`, values, report) };
}

function toNames(variable: string, values: Values, report: Report): readonly string[] {
  const names = toList(values[variable]);
  for (const [index, name] of names.entries()) {
    if (name.replace('!', '').trim() === '') report(`.${variable}[${index}]`, 'the pattern is empty', "Write a name such as '*.example.com', or remove it.");
  }
  return names;
}

function reportUnusedNames(variables: readonly Variable[], values: Values, report: Report): void {
  for (const { name } of variables.filter(({ all }) => all === true)) {
    const names = name.replace(/_id$/, '_name');
    if (toList(values[names]).length > 0) report(`.${names}`, `${names} is given, but ${name} is not all`, `Write ${name}: all, or remove ${names}.`);
  }
}
