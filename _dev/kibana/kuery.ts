import type { PackagePolicy } from './package-policy.ts';
import { Refused } from './reply.ts';

const PREFIX = 'ingest-package-policies.';

/** Fields of a policy that a filter of a list may name, and how they are read. */
const FIELDS: Readonly<Record<string, (policy: PackagePolicy) => readonly unknown[]>> = {
  name: ({ name }) => [name],
  namespace: ({ namespace }) => [namespace],
  'package.name': (policy) => [policy.package?.name],
  'package.version': (policy) => [policy.package?.version],
  policy_ids: ({ policy_ids: ids }) => ids,
  enabled: ({ enabled }) => [String(enabled)],
};

/**
 * The filter that a KQL text stands for: terms `ingest-package-policies.FIELD:VALUE`, joined by `and` or by `or`. Kibana knows more; what is not
 * known here is refused, as Kibana refuses fields that the saved object has not.
 * @throws {Refused} where it is none
 */
export function toFilter(text: string | undefined): (policy: PackagePolicy) => boolean {
  if (text === undefined || text.trim() === '') return () => true;
  const any = text.split(/\s+or\s+/i).map((part) => part.split(/\s+and\s+/i).map(toTerm));
  return (policy) => any.some((all) => all.every((term) => term(policy)));
}

function toTerm(text: string): (policy: PackagePolicy) => boolean {
  const match = /^\s*([\w.-]+)\s*:\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"()]+))\s*$/.exec(text);
  const [, path = '', quoted, plain = ''] = match ?? [];
  if (match === null) throw new Refused(400, `[request query.kuery]: KQLSyntaxError: cannot parse ${text.trim()}`);
  const read = FIELDS[path.startsWith(PREFIX) ? path.slice(PREFIX.length).replace(/^attributes\./, '') : ''];
  if (read === undefined) throw new Refused(400, `[request query.kuery]: This type '${path.split('.')[0]}' is not allowed: ${path}`);
  const wanted = quoted === undefined ? toPattern(plain) : { test: (value: string) => value === quoted.replace(/\\(.)/g, '$1') };
  return (policy) => read(policy).some((value) => wanted.test(String(value)));
}

/** A value without quotes may have `*`. */
function toPattern(text: string): RegExp {
  return new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
}
