import type { AgentPolicyOptions } from './options.ts';
import type { PackagePolicy } from './package-policy.ts';
import { Refused } from './reply.ts';

/** Fields of a kind of saved object that a filter may name, and how they are read. */
export interface KueryFields<Item> {
  /** Name of the kind, with a dot behind. */
  readonly prefix: string;
  readonly read: Readonly<Record<string, (item: Item) => readonly unknown[]>>;
}

/** Of integration policies. */
export const PACKAGE_POLICY_FIELDS: KueryFields<PackagePolicy> = {
  prefix: 'ingest-package-policies.',
  read: {
    name: ({ name }) => [name],
    namespace: ({ namespace }) => [namespace],
    'package.name': (policy) => [policy.package?.name],
    'package.version': (policy) => [policy.package?.version],
    policy_ids: ({ policy_ids: ids }) => ids,
    enabled: ({ enabled }) => [String(enabled)],
  },
};

/** Of agent policies. */
export const AGENT_POLICY_FIELDS: KueryFields<AgentPolicyOptions> = {
  prefix: 'ingest-agent-policies.',
  read: { name: ({ name }) => [name], namespace: ({ namespace }) => [namespace] },
};

/**
 * The filter that a KQL text stands for: terms `KIND.FIELD:VALUE`, joined by `and` or by `or`. Kibana knows more; what is not known here is refused,
 * as Kibana refuses fields that the saved object has not.
 * @throws {Refused} where it is none
 */
export function toFilter<Item>(text: string | undefined, fields: KueryFields<Item>): (item: Item) => boolean {
  if (text === undefined || text.trim() === '') return () => true;
  const any = text.split(/\s+or\s+/i).map((part) => part.split(/\s+and\s+/i).map((term) => toTerm(term, fields)));
  return (item) => any.some((all) => all.every((term) => term(item)));
}

function toTerm<Item>(text: string, { prefix, read }: KueryFields<Item>): (item: Item) => boolean {
  const match = /^\s*([\w.-]+)\s*:\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"()]+))\s*$/.exec(text);
  const [, path = '', quoted, plain = ''] = match ?? [];
  if (match === null) throw new Refused(400, `[request query.kuery]: KQLSyntaxError: cannot parse ${text.trim()}`);
  const values = read[path.startsWith(prefix) ? path.slice(prefix.length).replace(/^attributes\./, '') : ''];
  if (values === undefined) throw new Refused(400, `[request query.kuery]: This type '${path.split('.')[0]}' is not allowed: ${path}`);
  const wanted = quoted === undefined ? toPattern(plain) : { test: (value: string) => value === quoted.replace(/\\(.)/g, '$1') };
  return (item) => values(item).some((value) => wanted.test(String(value)));
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
