import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { unzipSync } from 'fflate';
import { load } from 'js-yaml';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiFacts } from '../../src/cloudflare/api-facts.ts';
import type { PackageDefinition } from '../../src/definition/definition.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { type BuiltPackage, buildPackage } from '../../src/package/build-package.ts';
import { programOrSkip } from '../skipping.ts';
import { type Registry, startRegistry } from './start-registry.ts';

const { path: program, describeProgram } = programOrSkip('PACKAGE_REGISTRY', 'package-registry');

/** Versions of Kibana around the bounds of the package's condition, and whether it shows the package. */
const kibanas = [
  ['8.18.0', false],
  ['8.18.8', false],
  ['8.19.0', true],
  ['8.19.7', true],
  ['9.0.0', false],
  ['9.0.8', false],
  ['9.1.0', true],
  ['9.2.0', true],
  ['10.0.0', false],
] as const;

interface Image {
  readonly src: string;
  readonly path: string;
  readonly type: string;
}

interface Listed {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly download: string;
  readonly path: string;
  readonly readme: string;
  readonly icons: readonly Image[];
  readonly screenshots?: readonly Image[];
  readonly data_streams: readonly { readonly dataset: string }[];
  readonly assets: readonly string[];
}

let root: string;
let definition: PackageDefinition;
let built: BuiltPackage;

beforeAll(async () => {
  if (program === '') return;
  root = mkdtempSync(join(tmpdir(), 'registry-'));
  definition = await readDefinition('.');
  built = await buildPackage(definition, { projectFolder: '.', outFolder: join(root, 'out'), api: apiFacts });
});

afterAll(() => {
  if (program !== '') rmSync(root, { recursive: true });
});

/** What an answer holds; anything but 200 is a fault of the test. */
async function readBytes(registry: Registry, path: string): Promise<Buffer> {
  const answer = await registry.get(path);
  expect(answer.status, path).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

async function readJson<Content>(registry: Registry, path: string): Promise<Content> {
  return JSON.parse((await readBytes(registry, path)).toString('utf8')) as Content;
}

const forms = [
  ['the folder', (packages: string) => cpSync(built.packageFolder, join(packages, definition.name, definition.version), { recursive: true })],
  ['the zip', (packages: string) => cpSync(built.zip, join(packages, basename(built.zip)))],
  ['all', (packages: string) => cpSync(join(root, 'out/packages'), packages, { recursive: true })],
] as const;

for (const [form, copy] of forms) {
  describeProgram(`a package registry with ${form} that is built`, () => {
    let registry: Registry;

    beforeAll(async () => {
      const folder = join(root, form.replace(' ', '-'));
      mkdirSync(join(folder, 'packages'), { recursive: true });
      copy(join(folder, 'packages'));
      registry = await startRegistry(program, { packages: join(folder, 'packages'), folder });
    }, 60_000);

    afterAll(async () => {
      await registry?.stop();
    });

    const details = (): Promise<Listed> => readJson<Listed>(registry, `/package/${definition.name}/${definition.version}/`);

    it('finds the package by its name, with its data streams', async () => {
      const found = await readJson<readonly Listed[]>(registry, `/search?package=${definition.name}`);
      expect(found).toHaveLength(1);
      expect(found[0]).toMatchObject({ name: definition.name, version: definition.version, title: definition.title });
      expect(found[0]?.data_streams.map(({ dataset }) => dataset).toSorted()).toEqual(definition.streams.map(({ name }) => `${definition.name}.${name}`));
      expect(await readJson<readonly Listed[]>(registry, '/search?package=cloudflare')).toEqual([]);
    });

    it.each(kibanas)('asked by Kibana %s, shows it: %s', async (version, shown) => {
      const found = await readJson<readonly Listed[]>(registry, `/search?package=${definition.name}&kibana.version=${version}`);
      expect(found.map(({ name }) => name)).toEqual(shown ? [definition.name] : []);
    });

    it('gives every file that is built, byte for byte', async () => {
      const { assets } = await details();
      const prefix = `/package/${definition.name}/${definition.version}/`;
      const ours = built.files.filter((path) => path.startsWith(built.packageFolder)).map((path) => path.slice(built.packageFolder.length + 1));
      expect(assets.map((path) => path.replace(prefix, '')).toSorted()).toEqual(ours.toSorted());
      for (const path of ours) {
        expect((await readBytes(registry, `${prefix}${path}`)).equals(readFileSync(join(built.packageFolder, path))), path).toBe(true);
      }
    });

    it('gives a zip with the same files as ours', async () => {
      const { download } = await details();
      expect(download).toBe(`/epr/${definition.name}/${definition.name}-${definition.version}.zip`);
      const bytes = await readBytes(registry, download);
      if (form === 'the zip') expect(bytes.equals(readFileSync(built.zip))).toBe(true);
      const files = (zip: Buffer): Readonly<Record<string, string>> =>
        Object.fromEntries(
          Object.entries(unzipSync(zip))
            .filter(([path]) => !path.endsWith('/'))
            .map(([path, content]) => [path, createHash('sha256').update(content).digest('hex')]),
        );
      expect(files(bytes)).toEqual(files(readFileSync(built.zip)));
    });

    it('shows README, icons and screenshots of the manifest', async () => {
      const shown = await details();
      expect((await readBytes(registry, shown.readme)).equals(readFileSync(join(built.packageFolder, 'docs/README.md')))).toBe(true);
      const manifest = load(readFileSync(join(built.packageFolder, 'manifest.yml'), 'utf8')) as Pick<Listed, 'icons' | 'screenshots'>;
      const images = [...shown.icons, ...(shown.screenshots ?? [])];
      expect(images.map(({ src }) => src)).toEqual([...manifest.icons, ...(manifest.screenshots ?? [])].map(({ src }) => src));
      for (const { path, type } of images) {
        const answer = await registry.get(path);
        expect([answer.status, answer.headers.get('content-type')], path).toEqual([200, type]);
      }
    });
  });
}
