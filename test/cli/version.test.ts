import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { toArtefacts } from '../../src/package/to-artefacts.ts';

describe('the version', () => {
  it('is one number for the npm package, its lock file, the Elastic package, its changelog and the pipelines', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { version: string; packages: Record<string, { version: string }> };
    const definition = await readDefinition('.');
    expect([lock.version, lock.packages['']?.version, definition.version, definition.changelog[0]?.version]).toEqual([version, version, version, version]);
    const pipelines = Object.keys(toArtefacts(definition, { pipeline: 'server' }).pipelines);
    expect(pipelines.length).toBe(definition.streams.length);
    for (const name of pipelines) expect(name.endsWith(`-${version}`)).toBe(true);
  });
});
