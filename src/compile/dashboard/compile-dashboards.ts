import type { PackageDefinition } from '../../definition/definition.ts';
import type { PackageFile } from '../package-file.ts';
import { renderJson } from '../render-json.ts';
import { compileDashboard } from './compile-dashboard.ts';
import { encodeSavedObject } from './encode-saved-object.ts';
import { renderGoJson } from './render-go-json.ts';

/** As elastic-package indents what it builds. */
const INDENT = 2;

/** The files of all dashboards, in the package's two forms. */
export interface DashboardFiles {
  /** With objects, for people to read. */
  readonly source: readonly PackageFile[];
  /** With JSON text where Kibana keeps such; nothing but elastic-package would encode it later. */
  readonly built: readonly PackageFile[];
}

/** Compiles every dashboard of the package into `kibana/dashboard/ID.json`. */
export function compileDashboards(definition: PackageDefinition): DashboardFiles {
  const objects = definition.dashboards.map((dashboard) => compileDashboard(dashboard, definition));
  const toFiles = (render: (object: object) => string): readonly PackageFile[] =>
    objects.map((object) => ({ path: `kibana/dashboard/${object.id}.json`, content: render(object) }));
  return { source: toFiles((object) => renderJson(object)), built: toFiles((object) => renderGoJson(encodeSavedObject(object), INDENT)) };
}
