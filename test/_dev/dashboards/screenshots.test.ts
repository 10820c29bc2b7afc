import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { readDashboards } from '../../../_dev/dashboards/read-dashboards.ts';
import { toPageName } from '../../../_dev/dashboards/write-pages.ts';
import { apiFacts } from '../../../src/cloudflare/api-facts.ts';
import { compilePackage } from '../../../src/compile/compile-package.ts';
import { toImageSize } from '../../../src/compile/to-image-size.ts';
import { readDefinition } from '../../../src/definition/read-definition.ts';
import { readProjectFiles } from '../../../src/package/read-project-files.ts';
import { PROJECT } from '../../cli/run-cli.ts';

/** Kibana's page of an integration loads them all. */
const MAX_BYTES = 500_000;

const definition = await readDefinition(PROJECT);
const pictures = readdirSync(join(PROJECT, 'img')).filter((name) => name.endsWith('.png'));

describe('the screenshots of the package', () => {
  it('are a few, each of a dashboard, and called previews', () => {
    const expected = readDashboards(definition).map((dashboard) => `${toPageName(dashboard)}-preview.png`);
    expect(pictures.length).toBeGreaterThanOrEqual(3);
    expect(pictures.filter((name) => !expected.includes(name))).toEqual([]);
  });

  it('are small', () => {
    expect(pictures.filter((name) => readFileSync(join(PROJECT, 'img', name)).length >= MAX_BYTES)).toEqual([]);
  });

  it('stand in the manifest', async () => {
    const streams = definition.streams.map(({ name }) => name);
    const { built } = compilePackage(definition, await readProjectFiles(PROJECT, streams), apiFacts);
    const manifest = load(String(built.find(({ path }) => path === 'manifest.yml')?.content)) as { readonly screenshots: readonly object[] };
    const expected = pictures.map((name) => ({
      ...{ src: `/img/${name}`, type: 'image/png', size: toImageSize(name, readFileSync(join(PROJECT, 'img', name))) },
      title: expect.stringMatching(/^[A-Z][a-z ]+ preview$/u),
    }));
    expect(manifest.screenshots).toEqual(expected);
    expect(built.map(({ path }) => path)).toEqual(expect.arrayContaining(pictures.map((name) => `img/${name}`)));
  });
});
