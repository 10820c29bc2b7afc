import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineAddress } from '../elasticsearch/ask-engine.ts';
import { readPageContent } from './read-page-content.ts';
import { renderPage } from './render/render-page.ts';
import type { Dashboard } from './saved-object/dashboard.ts';

/** A dashboard's page on disk. */
export interface Page {
  readonly dashboard: Dashboard;
  readonly file: string;
}

/**
 * Writes a page for each dashboard into a folder; they link to each other.
 * @throws DashboardFault for what is not known here
 */
export async function writePages(address: EngineAddress, dashboards: readonly Dashboard[], folder: string): Promise<readonly Page[]> {
  await mkdir(folder, { recursive: true });
  const names = new Map(dashboards.map((dashboard) => [dashboard.id, `${toPageName(dashboard)}.html`]));
  const pages: Page[] = [];
  for (const dashboard of dashboards) {
    const file = join(folder, names.get(dashboard.id) ?? '');
    await writeFile(
      file,
      renderPage(await readPageContent(address, dashboard), (id) => names.get(id) ?? ''),
    );
    pages.push({ dashboard, file });
  }
  return pages;
}

/** `[Logs Cloudflare API] Audit overview` becomes `audit-overview`. */
export function toPageName({ title }: Pick<Dashboard, 'title'>): string {
  const name = title.replace(/^\[[^\]]*\]\s*/u, '').toLowerCase();
  return name.replaceAll(/[^a-z0-9]+/gu, '-');
}
