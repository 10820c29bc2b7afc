/** Forms of a policy that may be asked for. */
export const FORMAT = ['simplified', 'legacy'] as const;

/** What every list takes. */
export const LIST_QUERY = {
  page: 'number',
  perPage: 'number',
  sortField: 'text',
  sortOrder: ['asc', 'desc'],
  showUpgradeable: 'boolean',
  kuery: 'text',
  withAgentCount: 'boolean',
  format: FORMAT,
} as const;

/** The page that is asked for, and how it is cut from all that was found. */
export function toPage<Item>(query: Readonly<Record<string, string | undefined>>, found: readonly Item[]) {
  const page = Number(query.page ?? 1);
  const perPage = Number(query.perPage ?? 20);
  return { items: found.slice((page - 1) * perPage, page * perPage), total: found.length, page, perPage };
}
