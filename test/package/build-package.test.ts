import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openCopy } from '../../_dev/conformance/open-copy.ts';
import { readContents, readTree } from '../../_dev/conformance/read-tree.ts';
import { apiFacts } from '../../src/cloudflare/api-facts.ts';
import type { PackageDefinition } from '../../src/definition/definition.ts';
import { buildPackage } from '../../src/package/build-package.ts';
import { definition } from '../compile/definition.ts';
import { programOrSkip } from '../skipping.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'build-'));
  writeProject(join(root, 'project'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A project of files that the package takes as they are. */
function writeProject(folder: string): void {
  const event = { message: '{"id":"x"}', _conf: { source: 'v1', account_id: 'a' }, tags: ['preserve_original_event'] };
  const fixtures = Object.fromEntries(
    definition.streams.map(({ name }) => [`data_stream/${name}/_dev/test/pipeline/test-${name}.json`, JSON.stringify({ events: [event] })]),
  );
  const sections = ['Overview', 'What data does this integration collect?', 'What do I need to use this integration?', 'How do I deploy this integration?'];
  const headings = [...sections, 'Troubleshooting', 'Performance and scaling'].map((title) => `## ${title}\n`);
  const tables = definition.streams.map(({ name }) => `{{fields "${name}"}}\n\n{{event "${name}"}}\n`);
  const files = {
    LICENSE: 'A licence.\n',
    'docs/README.md': ['{{generatedHeader}}\n# Title\n', ...headings, '{{permissions}}\n', ...tables].join('\n'),
    'img/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"/>\n',
    'data_stream/audit/_dev/.hidden': 'never taken',
    ...fixtures,
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

function build(outFolder = join(root, 'out'), built: PackageDefinition = definition): ReturnType<typeof buildPackage> {
  return buildPackage(built, { projectFolder: join(root, 'project'), outFolder, api: apiFacts });
}

const builtFiles = [
  'LICENSE.txt',
  'changelog.yml',
  ...['audit', 'collector', 'logpull'].flatMap((name) =>
    [
      ...(name === 'collector' ? [] : ['agent/stream/cel.yml.hbs']),
      'elasticsearch/ingest_pipeline/default.yml',
      'fields/base-fields.yml',
      'fields/ecs.yml',
      'fields/fields.yml',
      'manifest.yml',
      'sample_event.json',
    ].map((path) => `data_stream/${name}/${path}`),
  ),
  'docs/README.md',
  'img/icon.svg',
  'manifest.yml',
  'validation.yml',
];

describe('buildPackage', () => {
  it('writes the source form, the built form and the zip, and names every file', async () => {
    const built = await build();
    const out = join(root, 'out');
    expect(built).toMatchObject({
      sourceFolder: join(out, 'source/cloudflare_api'),
      packageFolder: join(out, 'packages/cloudflare_api/0.1.0'),
      zip: join(out, 'packages/cloudflare_api-0.1.0.zip'),
    });
    const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(out, path)).isFile());
    expect(built.files.map((path) => path.slice(out.length + 1)).toSorted()).toEqual(files.toSorted());
    expect(files.filter((path) => path.startsWith('packages/cloudflare_api/')).toSorted()).toEqual(
      builtFiles.map((path) => `packages/cloudflare_api/0.1.0/${path}`).toSorted(),
    );
    const onlySource = ['_dev/build/docs/README.md', ...definition.streams.map(({ name }) => `data_stream/${name}/_dev/test/pipeline/test-${name}.json`)];
    expect(files.filter((path) => path.startsWith('source/')).toSorted()).toEqual(
      [...builtFiles, ...onlySource].map((path) => `source/cloudflare_api/${path}`).toSorted(),
    );
  });

  it('zips exactly the built form, below one folder', async () => {
    const { zip, packageFolder } = await build();
    const entries = Object.entries(unzipSync(readFileSync(zip)));
    expect(entries.map(([path]) => path).toSorted()).toEqual(builtFiles.map((path) => `cloudflare_api-0.1.0/${path}`).toSorted());
    for (const [path, content] of entries) {
      expect(strFromU8(content)).toBe(readFileSync(join(packageFolder, path.replace('cloudflare_api-0.1.0/', '')), 'utf8'));
    }
  });

  it('gives the same bytes and modes in another folder, on another day, in another time zone and with another umask', async () => {
    await build();
    const before = readTree(join(root, 'out'));
    const { TZ } = process.env;
    const umask = process.umask(0o077);
    process.env.TZ = 'Pacific/Kiritimati';
    vi.useFakeTimers({ now: new Date('2031-07-04T23:30:00Z'), toFake: ['Date'] });
    try {
      cpSync(join(root, 'project'), join(root, 'elsewhere/project'), { recursive: true });
      const outFolder = join(root, 'elsewhere/deep/out');
      await buildPackage(definition, { projectFolder: join(root, 'elsewhere/project'), outFolder, api: apiFacts });
      const ours = (tree: Readonly<Record<string, string>>): object => Object.fromEntries(Object.entries(tree).filter(([path]) => /cloudflare_api/.test(path)));
      expect(ours(readTree(outFolder))).toEqual(ours(before));
    } finally {
      vi.useRealTimers();
      process.umask(umask);
      if (TZ === undefined) delete process.env.TZ;
      else process.env.TZ = TZ;
    }
  });

  it('removes what an earlier build left', async () => {
    const { sourceFolder, packageFolder } = await build();
    const before = readTree(join(root, 'out'));
    for (const folder of [sourceFolder, packageFolder]) writeFileSync(join(folder, 'data_stream/audit/fields/stale.yml'), '[]');
    await build();
    expect(readTree(join(root, 'out'))).toEqual(before);
  });

  it('touches nothing when something cannot be compiled', async () => {
    await build();
    const before = readTree(join(root, 'out'));
    writeFileSync(join(root, 'project/docs/README.md'), '{{fields "nope"}}');
    await expect(build()).rejects.toThrow('docs/README.md: there is no data stream called "nope"');
    expect(readTree(join(root, 'out'))).toEqual(before);
  });

  it('makes the sample event of the first fixture by name, raw lines with their configuration included', async () => {
    const folder = join(root, 'project/data_stream/audit/_dev/test/pipeline');
    writeFileSync(join(folder, 'test-a.log'), '{"id":"from a line"}\r\n{"id":"second"}\n');
    writeFileSync(join(folder, 'test-a.log-expected.json'), '{}');
    writeFileSync(join(folder, 'test-common-config.yml'), 'fields:\n  tags: [preserve_original_event]\n  _conf: { source: v1 }\n');
    const { sourceFolder } = await build();
    expect(JSON.parse(readFileSync(join(sourceFolder, 'data_stream/audit/sample_event.json'), 'utf8'))).toMatchObject({
      data_stream: { type: 'logs', dataset: 'cloudflare_api.audit', namespace: 'default' },
      event: { dataset: 'cloudflare_api.audit', original: '{"id":"from a line"}' },
      tags: ['preserve_original_event'],
    });
  });
});

const { path: elasticPackage, describeProgram } = programOrSkip('ELASTIC_PACKAGE', 'elastic-package');

describeProgram('elastic-package', () => {
  it('accepts the source form and builds the built form from it, file by file', async () => {
    const { sourceFolder, packageFolder } = await build();
    const { run, copy, built } = openCopy(elasticPackage, sourceFolder, join(root, 'copy'));
    await run(['check']);
    expect(readContents(built)).toEqual(readContents(packageFolder));
    expect(readContents(copy)).toEqual(readContents(sourceFolder));
  });

  it('demands the sections of the documentation guidelines', async () => {
    const readme = join(root, 'project/docs/README.md');
    writeFileSync(readme, readFileSync(readme, 'utf8').replace('## Troubleshooting', '## Trouble'));
    const { sourceFolder } = await build();
    await expect(openCopy(elasticPackage, sourceFolder, join(root, 'copy')).run(['lint'])).rejects.toThrow("missing required section 'Troubleshooting'");
  });
});
