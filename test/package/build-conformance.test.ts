import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listDashboards, valuesOf } from '../../_dev/conformance/list-dashboards.ts';
import { type Data, loadFiles, readPackage } from '../../_dev/conformance/package-under-test.ts';
import { type Referee, runElasticPackage, runPipelineTests } from '../../_dev/conformance/run-elastic-package.ts';
import { apiFacts } from '../../src/cloudflare/api-facts.ts';
import type { PackageDefinition } from '../../src/definition/definition.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { type BuiltPackage, buildPackage } from '../../src/package/build-package.ts';
import { engineOrSkip } from '../engines.ts';
import { programOrSkip, toDescribe } from '../skipping.ts';

const { path: elasticPackage, describeProgram } = programOrSkip('ELASTIC_PACKAGE', 'elastic-package');
const { engine, describeEngine } = elasticPackage === '' ? { engine: undefined, describeEngine: toDescribe(undefined) } : await engineOrSkip({ ingest: true });

let root: string;
let definition: PackageDefinition;
let built: BuiltPackage;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'conformance-'));
  definition = await readDefinition('.');
  built = await buildPackage(definition, { projectFolder: '.', outFolder: join(root, 'out'), api: apiFacts });
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

function toReferee(name: string): Referee {
  return { program: elasticPackage, ...built, version: definition.version, folder: join(root, name) };
}

describe('the package of this project', () => {
  it('has for every data stream a fixture, what is expected of it, and a sample event that was mapped without an error', () => {
    for (const { name } of definition.streams) {
      const fixtures = readdirSync(`data_stream/${name}/_dev/test/pipeline`).filter((file) => /^test-.*\.(json|log)$/.test(file));
      const expected = fixtures.filter((file) => file.endsWith('-expected.json'));
      expect(
        expected.map((file) => file.replace('-expected.json', '')),
        name,
      ).toEqual(fixtures.filter((file) => !file.endsWith('-expected.json')));
      const sample = JSON.parse(readFileSync(join(built.packageFolder, `data_stream/${name}/sample_event.json`), 'utf8')) as Record<string, unknown>;
      expect(sample, name).toMatchObject({ data_stream: { dataset: `${definition.name}.${name}` }, ecs: {} });
      expect(sample, name).not.toHaveProperty('error');
    }
  });

  it('weakness 10: offers the input cel, and no outdated one beside it', () => {
    const { manifest, streams } = readPackage(loadFiles(built.sourceFolder));
    const inputs = (manifest.policy_templates as readonly Data[]).flatMap((template) => (template.inputs as readonly Data[]).map(({ type }) => type));
    expect(inputs).toEqual(['cel']);
    const used = streams.flatMap((stream) => ((stream.manifest.streams ?? []) as readonly Data[]).map(({ input }) => input));
    expect(new Set(used)).toEqual(new Set(['cel']));
  });

  it('weakness 30: has dashboards of audit events', () => {
    const dataset = `${definition.name}.audit`;
    const titles = listDashboards(readPackage(loadFiles(built.sourceFolder)))
      .filter(({ content }) => valuesOf(content.attributes.kibanaSavedObjectMeta, 'match_phrase').some((phrase) => phrase['data_stream.dataset'] === dataset))
      .map(({ content }) => String(content.attributes.title));
    expect(titles).toEqual(expect.arrayContaining([expect.stringMatching(/Audit overview$/), expect.stringMatching(/Audit investigation$/)]));
  });

  it('lets Elastic Agent collect every stream that has a source', () => {
    for (const { name, sources } of definition.streams) {
      const files = built.files.filter((file) => file.startsWith(join(built.packageFolder, `data_stream/${name}/agent`)));
      expect(files.length, name).toBe(sources.length === 0 ? 0 : 1);
    }
  });
});

describeProgram('elastic-package', () => {
  it('finds nothing to complain of, by the newest rules either, and builds what we build', async () => {
    const rows = await runElasticPackage(toReferee('check'), definition.streams.length);
    expect(rows.filter(({ result }) => result !== 'ok')).toEqual([]);
    expect(rows.map(({ id }) => id)).toEqual(['lint', 'lint', 'check', 'build', 'static']);
  }, 120_000);

  describeEngine('with an engine', () => {
    it('sees the ingest pipelines make of the fixtures what is expected', async () => {
      const fixtures = readPackage(loadFiles(built.sourceFolder)).streams.flatMap((stream) => stream.fixtures);
      expect(fixtures.length).toBeGreaterThanOrEqual(definition.streams.length);
      expect(await runPipelineTests(toReferee('pipeline'), { url: '', ...engine }, fixtures.length)).toMatchObject({ result: 'ok' });
    }, 120_000);
  });
});
