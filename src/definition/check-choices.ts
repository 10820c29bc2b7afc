import type { SourceDeclaration, VariableDeclaration } from './declaration.ts';
import { below, type Report } from './report.ts';
import { suggest } from './suggest.ts';

/** What the choice of sources means: `when` names selects and their options, every option chooses a source, `continues` names another source. */
export function checkChoices(sources: readonly SourceDeclaration[], variables: readonly VariableDeclaration[], report: Report): void {
  const selects = new Map(variables.filter(({ type }) => type === 'select').map(({ name, options = [] }) => [name, options]));
  for (const [index, source] of sources.entries()) {
    const at = below(report, `sources[${index}]`);
    checkWhen(source, selects, at);
    checkContinues(source, sources, at);
  }
  for (const [name, options] of selects) checkOptions(name, { options, sources, report });
}

function checkWhen({ when = {} }: SourceDeclaration, selects: ReadonlyMap<string, readonly string[]>, report: Report): void {
  for (const [name, values] of Object.entries(when)) {
    const options = selects.get(name);
    if (options === undefined) report('when', `${name} is no variable of type select`, `${suggest(name, [...selects.keys()])}Declare it, or remove when.`);
    for (const value of values) {
      if (options !== undefined && !options.includes(value))
        report(`when.${name}`, `${value} is no option of ${name}`, `${suggest(value, options)}Options: ${options.join(', ')}.`);
    }
  }
}

function checkContinues({ name, scope, continues }: SourceDeclaration, sources: readonly SourceDeclaration[], report: Report): void {
  if (continues === undefined) return;
  const names = sources.filter((other) => other.name !== name).map((other) => other.name);
  const before = sources.find((other) => other.name === continues && other.name !== name);
  if (before === undefined) report('continues', `${continues} is no other source`, `${suggest(continues, names)}Other sources: ${names.join(', ') || 'none'}.`);
  else if (before.scope !== scope) report('continues', `${continues} is of scope ${before.scope}, this one of ${scope}`, 'Name a source of the same scope.');
}

interface Select {
  readonly options: readonly string[];
  readonly sources: readonly SourceDeclaration[];
  readonly report: Report;
}

function checkOptions(name: string, { options, sources, report }: Select): void {
  const chosen = sources.flatMap(({ when = {} }) => when[name] ?? []);
  if (chosen.length === 0 || sources.some(({ when = {} }) => when[name] === undefined)) return;
  for (const option of options) {
    if (!chosen.includes(option)) report('variables', `with ${name}: ${option} no source is read`, `Name ${option} in the when of a source, or remove it.`);
  }
}
