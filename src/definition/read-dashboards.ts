import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkDashboard } from './check-dashboard.ts';
import type { DashboardDeclaration } from './dashboard-declaration.ts';
import type { DashboardDefinition } from './dashboard-definition.ts';
import { findIn, listAskableFields } from './dashboard-fields.ts';
import type { StreamDefinition } from './definition.ts';
import { readYaml } from './read-yaml.ts';
import type { Report } from './report.ts';
import { toDashboard } from './to-dashboard.ts';

interface DashboardPlace {
  readonly folder: string;
  /** Makes a report for one file. */
  readonly reportOf: (file: string) => Report;
  /** The data streams that could be read. */
  readonly streams: readonly StreamDefinition[];
}

interface ReadDashboard {
  readonly name: string;
  readonly file: string;
  readonly declaration: DashboardDeclaration;
}

/** The dashboards of `kibana/`, in the order of their links; none where there is no such folder. Every fault is reported. */
export async function readDashboards(place: DashboardPlace): Promise<readonly DashboardDefinition[]> {
  const { folder, reportOf, streams } = place;
  const files = await listFiles(join(folder, 'kibana'));
  const read: ReadDashboard[] = [];
  for (const file of files.map((name) => `kibana/${name}`)) {
    const name = file.slice('kibana/'.length, -'.yml'.length);
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
      reportOf(file)('', `the file name ${name} is no name of a dashboard`, 'Use lower-case words with hyphens between.');
    const declaration = await readYaml<DashboardDeclaration>('dashboard', { folder, file, report: reportOf(file) });
    if (declaration !== undefined) read.push({ name, file, declaration });
  }
  checkTogether(read, reportOf);
  const names = files.map((file) => file.slice(0, -'.yml'.length));
  return read
    .toSorted((a, b) => a.declaration.order - b.declaration.order)
    .map(({ name, file, declaration }) => {
      const fields = listAskableFields(streams.filter((stream) => declaration.streams.includes(stream.name)));
      const known = streams.map((stream) => stream.name);
      checkDashboard(declaration, { fields, streams: declaration.streams, known, dashboards: names }, reportOf(file));
      return toDashboard(name, declaration, findIn(fields));
    });
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return names.filter((name) => name.endsWith('.yml')).sort();
}

function checkTogether(read: readonly ReadDashboard[], reportOf: (file: string) => Report): void {
  for (const key of ['title', 'order'] as const) {
    for (const [index, { file, declaration }] of read.entries()) {
      const first = read.findIndex((other) => other.declaration[key] === declaration[key]);
      if (first !== index)
        reportOf(file)(
          key,
          `${read[first]?.file} has the ${key} ${declaration[key]} already`,
          `Give each dashboard ${key === 'title' ? 'a title' : 'a place'} of its own.`,
        );
    }
  }
}
