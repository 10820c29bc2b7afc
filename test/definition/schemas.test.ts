import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Schema {
  readonly $schema?: string;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const folder = fileURLToPath(new URL('../../schema', import.meta.url));
const files = await readdir(folder);

/** Paths of keys that an editor could not explain. */
function listSilent(schema: Schema, path: string): readonly string[] {
  const properties = Object.entries(schema.properties ?? {});
  const silent = properties.filter(([, { title, description, $ref }]) => $ref === undefined && (title === undefined || description === undefined));
  const deeper = [
    ...properties,
    ...Object.entries(schema.$defs ?? {}),
    ...(schema.items === undefined ? [] : [['[]', schema.items] as const]),
    ...(typeof schema.additionalProperties === 'object' ? [['*', schema.additionalProperties] as const] : []),
  ];
  return [...silent.map(([name]) => `${path}.${name}`), ...deeper.flatMap(([name, inner]) => listSilent(inner, `${path}.${name}`))];
}

describe('the published schemas', () => {
  it.each(files)('%s explains every key', async (file) => {
    const schema = JSON.parse(await readFile(join(folder, file), 'utf8')) as Schema;
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(listSilent(schema, file)).toEqual([]);
  });

  it('is one for each kind of declaration file, beside the parts they share', () => {
    expect(files.sort()).toEqual([
      'changelog.schema.json',
      'condition.schema.json',
      'dashboard.schema.json',
      'fields.schema.json',
      'manifest.schema.json',
      'rules.schema.json',
      'stream.schema.json',
      'variables.schema.json',
    ]);
  });
});
