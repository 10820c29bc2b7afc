const INDENT = '    ';

function renderItems(brackets: readonly [string, string], items: readonly string[], indent: string): string {
  const [open, close] = brackets;
  return items.length === 0 ? open + close : `${open}\n${items.map((item) => `${indent}${INDENT}${item}`).join(',\n')}\n${indent}${close}`;
}

/** JSON text of plain data, indented by four spaces and with sorted keys, as Elastic's packages have it; big integers keep all their digits. */
export function renderJson(value: unknown, indent = ''): string {
  if (typeof value === 'bigint') {
    return value.toString();
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => renderJson(item, indent + INDENT));
    return renderItems(['[', ']'], items, indent);
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, child]) => child !== undefined);
    const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
    const items = sorted.map(([key, child]) => `${JSON.stringify(key)}: ${renderJson(child, indent + INDENT)}`);
    return renderItems(['{', '}'], items, indent);
  }
  return JSON.stringify(value);
}
