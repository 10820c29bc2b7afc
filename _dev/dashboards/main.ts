import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { removeLeftoversAtExit } from '../elasticsearch/leftovers.ts';
import { runMain } from '../run-main.ts';
import { findChromium } from './browser/find-chromium.ts';
import { openBrowser } from './browser/open-browser.ts';
import { type DashboardsOptions, readCommandLine, USAGE } from './command-line.ts';
import { openDemo } from './demo/open-demo.ts';
import { readDashboards } from './read-dashboards.ts';
import { type Page, toPageName, writePages } from './write-pages.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const LINES = 60_000;

async function show({ out, pictures, hours }: DashboardsOptions): Promise<void> {
  const chromium = pictures === undefined ? undefined : requireChromium();
  const dashboards = readDashboards(await readDefinition(PROJECT));
  const scale = { auditDays: 7, auditEventsPerHour: 60, trafficHours: hours, linesPerHour: Math.ceil(LINES / hours), dailySwing: 0.6, beatMs: 300_000 };
  const demo = await openDemo({ env: process.env, projectFolder: PROJECT, scale, signal: new AbortController().signal, log: (line) => console.error(line) });
  try {
    const pages = await writePages(demo.engine, dashboards, resolve(PROJECT, out));
    for (const { file, dashboard } of pages) console.log(`${dashboard.title}: ${relative(process.cwd(), file)}`);
    if (pictures !== undefined && chromium !== undefined) await takePictures(pages, { folder: resolve(PROJECT, pictures), chromium });
  } finally {
    await demo.close();
  }
}

function requireChromium(): string {
  const found = findChromium(process.env);
  if (found === undefined) throw new RangeError('--pictures needs Chromium: install it, or name it in CHROMIUM');
  return found;
}

async function takePictures(pages: readonly Page[], { folder, chromium }: { readonly folder: string; readonly chromium: string }): Promise<void> {
  await mkdir(folder, { recursive: true });
  const browser = await openBrowser(chromium);
  try {
    for (const { dashboard, file } of pages) {
      const picture = join(folder, `${toPageName(dashboard)}-preview.png`);
      const { troubles } = await browser.look(file, picture);
      if (troubles.length > 0) throw new Error(`${file}: ${troubles.join('; ')}`);
      console.log(`${dashboard.title}: ${relative(process.cwd(), picture)}`);
    }
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2));
  if (options.help) console.log(USAGE);
  else await show(options);
}

removeLeftoversAtExit();
runMain('dashboards', main);
