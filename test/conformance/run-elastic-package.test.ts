import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareFolders, type Referee, runElasticPackage } from '../../_dev/conformance/run-elastic-package.ts';
import { apiFacts } from '../../src/cloudflare/api-facts.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { type BuiltPackage, buildPackage } from '../../src/package/build-package.ts';
import { programOrSkip } from '../skipping.ts';

const { path: program, describeProgram } = programOrSkip('ELASTIC_PACKAGE', 'elastic-package');

let root: string;
let built: BuiltPackage;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'referee-'));
  built = await buildPackage(await readDefinition('.'), { projectFolder: '.', outFolder: join(root, 'out'), api: apiFacts });
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

it('compareFolders names files that only one side has, and files that differ', async () => {
  const [theirs, ours] = [join(root, 'theirs'), join(root, 'ours')];
  for (const folder of [theirs, ours]) await mkdir(join(folder, 'deep'), { recursive: true });
  for (const [folder, name, text] of [
    [theirs, 'same', 'x'],
    [ours, 'same', 'x'],
    [theirs, 'deep/other', 'x'],
    [ours, 'deep/other', 'y'],
    [theirs, 'left', 'x'],
    [ours, 'right', 'x'],
  ] as const) {
    writeFileSync(join(folder, name), text);
  }
  expect(compareFolders(theirs, ours)).toEqual(['deep/other differs', 'left is theirs only', 'right is ours only']);
});

describeProgram('runElasticPackage', () => {
  it('says which of its checks fails, and that a processor without a tag breaks the newest rules alone', async () => {
    const referee: Referee = { program, ...built, version: (await readDefinition('.')).version, folder: join(root, 'copies') };
    const pipeline = join(built.sourceFolder, 'data_stream/collector/elasticsearch/ingest_pipeline/default.yml');
    writeFileSync(pipeline, '---\ndescription: broken\nprocessors: [{ set: { field: event.kind, value: event } }]\n');
    const rows = await runElasticPackage(referee, 99);
    const faults = rows.filter(({ result }) => result === 'fault');
    expect(faults.map(({ id, notes }) => `${id}: ${notes.join(' ')}`)).toEqual([
      expect.stringMatching(/^lint: elastic-package lint:[\s\S]*(SVR00006|tag)/),
      'build: data_stream/collector/elasticsearch/ingest_pipeline/default.yml differs',
      expect.stringMatching(/^static: \d of 99 data streams passed$/),
    ]);
    expect(rows[0]).toMatchObject({ id: 'lint', result: 'ok' });
  }, 120_000);
});
