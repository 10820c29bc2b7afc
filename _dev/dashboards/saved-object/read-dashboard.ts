import { DashboardFault } from '../dashboard-fault.ts';
import type { Control, Dashboard } from './dashboard.ts';
import { decodeText } from './decode-text.ts';
import { createFollow, type Follow, toFilterQueries } from './follow-references.ts';
import { readPanel, toKql } from './read-panel.ts';
import type { StoredControl, StoredDashboard, StoredPanel, StoredSearchSource } from './stored.ts';

/**
 * Reads a dashboard's file of a built package, as Kibana would: nothing but the saved object is looked at, and every data view and dashboard is reached through
 * the references.
 * @throws DashboardFault for what Kibana would refuse or leave out, or what is not known here
 */
export function readDashboard(text: string): Dashboard {
  const { id, type, attributes, references } = JSON.parse(text) as StoredDashboard;
  if (type !== 'dashboard') throw new DashboardFault(`${id} is a ${type}, not a dashboard`);
  try {
    const follow = createFollow(references, 'the dashboard');
    const source = decodeText<StoredSearchSource>(attributes.kibanaSavedObjectMeta.searchSourceJSON, 'searchSourceJSON');
    return {
      id,
      title: attributes.title,
      description: attributes.description ?? '',
      filters: toFilterQueries(source.filter, follow, 'the dashboard'),
      kql: toKql(source.query, 'the dashboard'),
      controls: readControls(attributes.controlGroupInput?.panelsJSON, follow),
      panels: decodeText<readonly StoredPanel[]>(attributes.panelsJSON, 'panelsJSON').map((panel) => readPanel(panel, follow)),
    };
  } catch (error) {
    if (error instanceof DashboardFault) throw new DashboardFault(`${attributes.title}: ${error.message}`);
    throw error;
  }
}

function readControls(text: string | undefined, follow: Follow): readonly Control[] {
  if (text === undefined) return [];
  const stored = Object.entries(decodeText<Readonly<Record<string, StoredControl>>>(text, 'controlGroupInput.panelsJSON'));
  return stored.toSorted(([, a], [, b]) => a.order - b.order).map(([key, control]) => readControl(key, control, follow));
}

function readControl(key: string, { type, explicitInput }: StoredControl, follow: Follow): Control {
  const { id, fieldName, title = fieldName } = explicitInput;
  if (type !== 'optionsListControl') throw new DashboardFault(`control ${key} is a ${type}, which is not known here`);
  if (id !== key) throw new DashboardFault(`control ${key} calls itself ${id}`);
  return { id, title, field: fieldName, index: follow('index-pattern', `controlGroup_${id}:optionsListDataView`) };
}
