import type { Condition, Scalar } from '../../definition/definition.ts';

/**
 * The condition in Kibana's query language (KQL).
 * @throws Error for `matches` and `words`, which the definition's checks do not let through
 */
export function renderKuery(condition: Condition): string {
  switch (condition.kind) {
    case 'exists':
      return `${condition.field}: *`;
    case 'equals':
      return `${condition.field}: ${renderValue(condition.value)}`;
    case 'in':
      return `${condition.field}: (${condition.values.map(renderValue).join(' or ')})`;
    case 'range':
      return [
        ...(condition.atLeast === undefined ? [] : [`${condition.field} >= ${condition.atLeast}`]),
        ...(condition.below === undefined ? [] : [`${condition.field} < ${condition.below}`]),
      ].join(' and ');
    case 'not':
      return `not ${renderPart(condition.condition)}`;
    case 'and':
    case 'or':
      return condition.conditions.map(renderPart).join(` ${condition.kind} `);
    default:
      throw new Error(`Kibana's query language has no ${condition.kind}`);
  }
}

/** In brackets where it consists of several. */
function renderPart(condition: Condition): string {
  const text = renderKuery(condition);
  return condition.kind === 'and' || condition.kind === 'or' || condition.kind === 'range' ? `(${text})` : text;
}

function renderValue(value: Scalar): string {
  return typeof value === 'string' ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : String(value);
}
