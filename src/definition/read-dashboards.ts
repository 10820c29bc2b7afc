import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkDashboard } from './check-dashboard.ts';
import type { DashboardDeclaration } from './dashboard-declaration.ts';
import type { DashboardDefinition } from './dashboard-definition.ts';
import type { StreamDefinition } from './definition.ts';
import { listAskableFields } from './list-askable-fields.ts';
import { readYaml } from './read-yaml.ts';
import type { Report } from './report.ts';
import { toDashboard } from './to-dashboard.ts';

interface DashboardPlace {
  readonly folder: string;
  /** Makes a report for one file. */
  readonly reportOf: (file: string) => Report;
  /** The data streams by name; undefined for one that could not be read. */
  readonly streams: ReadonlyMap<string, StreamDefinition | undefined>;
}

interface ReadDashboard {
  readonly name: string;
  readonly file: string;
  /** Undefined where the file could not be read. */
  readonly declaration: DashboardDeclaration | undefined;
}

type ReadableDashboard = ReadDashboard & { readonly declaration: DashboardDeclaration };

/** The dashboards of `kibana/`, in the order of their links; none where there is no such folder. Every fault is reported. */
export async function readDashboards({ folder, reportOf, streams }: DashboardPlace): Promise<readonly DashboardDefinition[]> {
  const read: ReadDashboard[] = [];
  for (const name of await listNames(join(folder, 'kibana'))) {
    const file = `kibana/${name}.yml`;
    const report = reportOf(file);
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
      report('', `the file name ${name} is no name of a dashboard`, 'Use lower-case words with hyphens between.');
    read.push({ name, file, declaration: await readYaml<DashboardDeclaration>('dashboard', { folder, file, report }) });
  }
  const readable = read.filter((one): one is ReadableDashboard => one.declaration !== undefined);
  checkTogether(readable, reportOf);
  const dashboards = new Map(read.map(({ name, declaration }) => [name, declaration?.streams]));
  return readable
    .toSorted((a, b) => a.declaration.order - b.declaration.order)
    .map(({ name, file, declaration }) => {
      const shown = declaration.streams.flatMap((stream) => streams.get(stream) ?? []);
      const fields = listAskableFields(shown);
      const isWhole = declaration.streams.every((stream) => !streams.has(stream) || streams.get(stream) !== undefined);
      if (isWhole) checkDashboard(declaration, { fields, streams: declaration.streams, known: [...streams.keys()], dashboards }, reportOf(file));
      return toDashboard(name, declaration, fields);
    });
}

async function listNames(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return files.flatMap((file) => /^(.+)\.yml$/.exec(file)?.[1] ?? []).sort();
}

const remedies = { title: 'Give each dashboard a title of its own.', order: 'Give each dashboard a place of its own.' } as const;

function checkTogether(read: readonly ReadableDashboard[], reportOf: (file: string) => Report): void {
  for (const key of ['title', 'order'] as const) {
    for (const [index, { file, declaration }] of read.entries()) {
      const first = read.findIndex((other) => other.declaration[key] === declaration[key]);
      if (first !== index) reportOf(file)(key, `${read[first]?.file} has the ${key} ${declaration[key]} already`, remedies[key]);
    }
  }
}
