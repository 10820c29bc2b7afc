import type { VariableDeclaration } from './declaration.ts';
import type { Variable } from './definition.ts';

/** The declared variables with every default of the grammar filled in. */
export function toVariables(declarations: readonly VariableDeclaration[]): readonly Variable[] {
  return declarations.map((declaration) => ({
    name: declaration.name,
    type: declaration.type,
    title: declaration.title,
    description: declaration.description,
    required: declaration.required ?? false,
    secret: declaration.type === 'secret',
    multi: declaration.multi ?? false,
    showUser: declaration.show_user ?? false,
    for: declaration.for ?? 'both',
    ...(declaration.default === undefined ? {} : { default: declaration.default }),
    ...(declaration.options === undefined ? {} : { options: declaration.options }),
    ...(declaration.all === true ? { all: true } : {}),
  }));
}
