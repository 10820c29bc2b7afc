import type { Condition } from '../../definition/definition.ts';
import { fieldsOf, overlaps } from '../condition.ts';
import type { Step } from '../step.ts';

/** Whether conditions that several steps share hold, found out once for all of them. */
export interface ConditionFacts {
  /** The expression for a condition: its own, or where steps share it, what was found out about it. */
  readonly test: (condition: Condition, compile: () => string) => string;
  /** To be called for each field that a statement writes: what was found out by reading it no longer holds. */
  readonly forget: (field: string) => void;
  /** The statements that must stand before the one whose conditions asked since the last call, behind those of the word facts. */
  readonly take: () => readonly string[];
  /** How many elements the array `facts` needs. */
  readonly count: () => number;
}

/** Kinds that cost more than looking up a fact. */
const COSTLY: ReadonlySet<Condition['kind']> = new Set(['and', 'or', 'in', 'matches', 'range']);

/** Opens the facts of a script of these steps. */
export function openConditionFacts(steps: readonly Step[]): ConditionFacts {
  const shared = findShared(steps);
  const facts = new Map<string, { readonly expression: string; readonly fields: readonly string[] }>();
  let statements: string[] = [];
  let count = 0;
  return {
    test: (condition, compile) => {
      const key = JSON.stringify(condition);
      if (!shared.has(key)) return compile();
      const known = facts.get(key);
      if (known !== undefined) return known.expression;
      const value = compile();
      const expression = `facts[${count}]`;
      count += 1;
      statements.push(`${expression} = ${value};`);
      facts.set(key, { expression, fields: fieldsOf(condition) });
      return expression;
    },
    forget: (written) => {
      for (const [key, { fields }] of facts) if (fields.some((field) => overlaps(field, written))) facts.delete(key);
    },
    take: () => {
      const taken = statements;
      statements = [];
      return taken;
    },
    count: () => count,
  };
}

/** Costly conditions that stand in several different conditions, as JSON; not those that stand only in one that is itself shared. */
function findShared(steps: readonly Step[]): ReadonlySet<string> {
  const uses = new Map<string, number>();
  const count = (condition: Condition): void => {
    const key = JSON.stringify(condition);
    const before = uses.get(key) ?? 0;
    uses.set(key, before + 1);
    if (before === 0) for (const part of partsOf(condition)) count(part);
  };
  const whole = new Map(steps.flatMap((step) => (step.kind === 'id' || step.when === undefined ? [] : [[JSON.stringify(step.when), step.when] as const])));
  for (const condition of whole.values()) count(condition);
  return new Set([...uses].filter(([key, times]) => times > 1 && COSTLY.has((JSON.parse(key) as Condition).kind)).map(([key]) => key));
}

function partsOf(condition: Condition): readonly Condition[] {
  if (condition.kind === 'not') return [condition.condition];
  return condition.kind === 'and' || condition.kind === 'or' ? condition.conditions : [];
}
