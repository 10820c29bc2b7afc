import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/definition/read-definition.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const definition = await readDefinition(root);

async function listDeclarations(): Promise<readonly string[]> {
  const files = await readdir(join(root, 'data_stream'), { recursive: true });
  const dashboards = await readdir(join(root, 'kibana'));
  const streams = files.filter((file) => /^[^/]+\/[^/]+\.yml$/.test(file)).map((file) => `data_stream/${file}`);
  return ['manifest.yml', 'changelog.yml', ...streams, ...dashboards.map((file) => `kibana/${file}`)];
}

/** Facts: names that Elastic's own Cloudflare package has too, and their types there. */
const elasticTypes: Readonly<Record<string, string>> = {
  'cloudflare.audit.action.result': 'keyword',
  'cloudflare.audit.action.type': 'keyword',
  'cloudflare.audit.actor.email': 'keyword',
  'cloudflare.audit.actor.id': 'keyword',
  'cloudflare.audit.actor.ip': 'ip',
  'cloudflare.audit.actor.type': 'keyword',
  'cloudflare.audit.id': 'keyword',
  'cloudflare.audit.interface': 'text',
  'cloudflare.audit.metadata': 'flattened',
  'cloudflare.audit.new_value': 'flattened',
  'cloudflare.audit.old_value': 'flattened',
  'cloudflare.audit.owner.id': 'keyword',
  'cloudflare.audit.resource.id': 'keyword',
  'cloudflare.audit.resource.type': 'keyword',
  'cloudflare.audit.timestamp': 'date',
};

describe('the declarations', async () => {
  it.each(await listDeclarations())('%s names a schema that is there, so that editors complete it', async (file) => {
    const [, schema] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(await readFile(join(root, file), 'utf8')) ?? [];
    expect(schema).toBeDefined();
    expect(existsSync(join(root, dirname(file), schema ?? ''))).toBe(true);
  });

  it("give fields of Elastic's own package the type they have there", () => {
    const ours = definition.streams.flatMap(({ fields }) => fields).filter(({ name }) => name in elasticTypes);
    expect(ours.length).toBeGreaterThan(5);
    expect(Object.fromEntries(ours.map(({ name, type }) => [name, type]))).toEqual(Object.fromEntries(ours.map(({ name }) => [name, elasticTypes[name]])));
  });

  it('give a field that several streams have the same type in all', () => {
    const types = new Map<string, string>();
    for (const { name, type } of definition.streams.flatMap(({ fields }) => fields)) {
      expect([name, types.get(name) ?? type]).toEqual([name, type]);
      types.set(name, type);
    }
  });

  it('ask for the nine documented fields by default, and for those and more as standard', () => {
    const presets = definition.streams.find(({ name }) => name === 'logpull')?.presets ?? {};
    expect(presets.default).toHaveLength(9);
    expect(presets.standard).toEqual(expect.arrayContaining([...(presets.default ?? [])]));
  });
});
