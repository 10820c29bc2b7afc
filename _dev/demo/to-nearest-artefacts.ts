import type { Artefacts } from '../../src/package/artefacts.ts';
import type { Capabilities } from '../elasticsearch/engine.ts';
import { toNearestTypes } from '../elasticsearch/to-nearest-types.ts';

interface Template {
  readonly template?: { readonly mappings?: Readonly<Record<string, unknown>> };
  readonly composed_of?: readonly string[];
}

/** The artefacts as an engine takes them that lacks field types or the stack's own templates; unchanged for one that lacks none. */
export function toNearestArtefacts(artefacts: Artefacts, { missingFieldTypes }: Pick<Capabilities, 'missingFieldTypes'>): Artefacts {
  const convert = (templates: Readonly<Record<string, object>>): Record<string, object> =>
    Object.fromEntries(Object.entries(templates).map(([name, body]) => [name, toNearestTemplate(body, missingFieldTypes)]));
  return { ...artefacts, componentTemplates: convert(artefacts.componentTemplates), indexTemplates: convert(artefacts.indexTemplates) };
}

function toNearestTemplate(body: Template, missing: readonly string[]): object {
  const mappings = body.template?.mappings;
  return mappings === undefined ? body : { ...body, template: { ...body.template, mappings: toNearestTypes(mappings, missing) } };
}
