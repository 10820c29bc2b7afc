import type { ControlDefinition } from '../../definition/dashboard-definition.ts';
import { DATA_VIEW, type Reference, toDataView } from './compile-dataset-filter.ts';

/** The controls above the panels. */
export interface CompiledControls {
  /** `controlGroupInput` of the dashboard, or nothing. */
  readonly attributes: { readonly controlGroupInput?: object };
  readonly references: readonly Reference[];
}

/** Lists of values to choose from; they obey the dashboard's filter, so that they offer values of its datasets only. */
export function compileControls(controls: readonly ControlDefinition[], toId: (name: string) => string): CompiledControls {
  if (controls.length === 0) return { attributes: {}, references: [] };
  const named = controls.map((control, order) => ({ ...control, order, id: toId(`control ${control.title}`) }));
  const panels = named.map(({ id, title, field, order }) => {
    const sort = { by: '_count', direction: 'desc' };
    const explicitInput = { dataViewId: DATA_VIEW, fieldName: field.name, id, searchTechnique: 'prefix', selectedOptions: [], sort, title };
    return [id, { explicitInput, grow: true, order, type: 'optionsListControl', width: 'medium' }] as const;
  });
  const controlGroupInput = {
    chainingSystem: 'HIERARCHICAL',
    controlStyle: 'oneLine',
    ignoreParentSettingsJSON: { ignoreFilters: false, ignoreQuery: false, ignoreTimerange: false, ignoreValidations: false },
    panelsJSON: Object.fromEntries(panels),
    showApplySelections: false,
  };
  return { attributes: { controlGroupInput }, references: named.map(({ id }) => toDataView(`controlGroup_${id}:optionsListDataView`)) };
}
