import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { DefinitionError } from '../../src/errors.ts';
import { fields, listFaults, manifest, readTiny, rules, stream } from './tiny-definition.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('readDefinition', () => {
  it('gives the package as data', async () => {
    const definition = await readTiny();
    expect(definition).toMatchObject({ name: 'tiny_api', formatVersion: '3.4.2', kibanaVersion: '^8.19.0 || ^9.1.0', policyTemplate: { name: 'tiny' } });
    expect(definition.changelog.map(({ changes }) => changes[0]?.link)).toEqual([
      'https://example.com/tiny/tiny/pull/2',
      'https://example.com/tiny/tiny/issues/1',
    ]);
    expect(definition.streams.map(({ name }) => name)).toEqual(['sample']);
  });

  it('gives sources with durations in milliseconds', async () => {
    const [source] = (await readTiny()).streams[0]?.sources ?? [];
    expect(source?.request).toEqual({ method: 'GET', path: '/zones/{zone_id}/samples', query: { fields: '${fields}' } });
    expect(source?.window).toMatchObject({ maxMs: 3_600_000, retentionMs: 604_800_000, lagMs: 300_000, overlapMs: 0 });
  });

  it('gives a retention that a variable says, with the default until somebody chooses', async () => {
    const definition = await readTiny([stream, 'retention: 7d', "retention: '${mode}'"], [stream, '[fast, slow], default: fast', '[2d, 7d], default: 7d']);
    const day = 86_400_000;
    expect(definition.streams[0]?.sources[0]?.window).toMatchObject({
      retentionMs: 7 * day,
      retentionBy: { variable: 'mode', optionsMs: { '2d': 2 * day, '7d': 7 * day } },
    });
  });

  it("adds the stream variables behind a stream's own, but not where there is no source", async () => {
    const names = (definition: Awaited<ReturnType<typeof readTiny>>) => definition.streams[0]?.variables.map(({ name }) => name);
    expect(names(await readTiny())).toEqual(['zone_id', 'fields', 'interval', 'initial_interval', 'mode', 'tags']);
    expect(names(await readTiny([stream, '', 'title: Own\ndescription: Written by the collector.\n']))).toEqual([]);
  });

  it('fills in what a variable does not say', async () => {
    const variables = (await readTiny()).variables;
    expect(variables[1]).toEqual({
      name: 'api_token',
      type: 'secret',
      title: 'Token',
      description: 'API token.',
      required: false,
      secret: true,
      multi: false,
      showUser: false,
      for: 'both',
    });
  });

  it('takes a stream without rules', async () => {
    const definition = await readTiny(
      [rules, '', ''],
      [fields, 'event.category, by: rules', 'event.category, value: [web]'],
      [fields, 'event.type, by: rules', 'event.type, value: [access]'],
    );
    expect(definition.streams[0]?.rules).toEqual([]);
  });

  it('shows the faults of all files together', async () => {
    const faults = await listFaults(
      [manifest, 'title: Tiny API', 'titel: Tiny API'],
      [stream, 'max: 1h', 'max: soon'],
      [fields, 'name: event.kind', 'name: event.kid'],
      [rules, 'name: low', 'name: request'],
    );
    expect(faults.map(({ file, path }) => `${file} ${path}`)).toEqual([
      'manifest.yml ',
      'manifest.yml ',
      'data_stream/sample/stream.yml sources[0].window.max',
      'data_stream/sample/fields.yml [2].name',
      'data_stream/sample/fields.yml ',
      'data_stream/sample/rules.yml [0].when',
      'data_stream/sample/rules.yml [1].name',
    ]);
  });

  it('says each fault with its file, place and remedy', async () => {
    const error = await readTiny([stream, 'lag: 5m', 'lag: soon']).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DefinitionError);
    expect((error as DefinitionError).message).toBe(
      'the declarations have faults (1 fault)\n  data_stream/sample/stream.yml sources[0].window.lag: soon is no duration\n    Write 30s, 5m, 24h or 7d.',
    );
  });

  it('misses the data streams', async () => {
    const faults = await listFaults([stream, '', ''], [fields, '', ''], [rules, '', '']);
    expect(faults).toEqual([
      { file: 'data_stream', path: '', message: 'there is no data stream', hint: 'Add a folder data_stream/NAME with stream.yml and fields.yml.' },
    ]);
  });

  it('misses the files of a data stream, and refuses a name that is none', async () => {
    const faults = await listFaults(['data_stream/my-stream/rules.yml', '', '[]']);
    expect(faults.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      'data_stream/my-stream/stream.yml: the folder name my-stream is no name of a data stream',
      'data_stream/my-stream/stream.yml: the file is missing',
      'data_stream/my-stream/fields.yml: the file is missing',
      'data_stream/my-stream/rules.yml: the list has too few entries',
    ]);
  });

  it("has one version for this package's declarations and npm", async () => {
    const npm = JSON.parse(await readFile(`${root}/package.json`, 'utf8')) as { readonly version: string };
    expect((await readDefinition(root)).version).toBe(npm.version);
  });
});
