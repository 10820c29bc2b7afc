import type { Choices } from './choose-sources.ts';
import type { VariableDeclaration } from './declaration.ts';
import type { WindowDefinition } from './definition.ts';
import { parseDuration } from './duration.ts';

/** Name of the variable that a declared retention stands for; undefined where it is a duration itself. */
export function toRetentionVariable(retention: string): string | undefined {
  return /^\$\{(\w+)\}$/.exec(retention)?.[1];
}

/** The declared retention as data; what is no duration counts as 0 here and is a fault of the check. */
export function toRetention(retention: string, variables: readonly VariableDeclaration[]): Pick<WindowDefinition, 'retentionMs' | 'retentionBy'> {
  const name = toRetentionVariable(retention);
  if (name === undefined) return { retentionMs: parseDuration(retention) ?? 0 };
  const { default: chosen, options = [] } = variables.find((variable) => variable.name === name) ?? {};
  const optionsMs = Object.fromEntries(options.map((option) => [option, parseDuration(option) ?? 0]));
  return { retentionMs: optionsMs[String(chosen)] ?? 0, retentionBy: { variable: name, optionsMs } };
}

/** The window with the retention that the user chose. */
export function chooseRetention(window: WindowDefinition, choices: Choices = {}): WindowDefinition {
  const { retentionBy } = window;
  const chosen = retentionBy?.optionsMs[choices[retentionBy.variable] ?? ''];
  return chosen === undefined ? window : { ...window, retentionMs: chosen };
}
