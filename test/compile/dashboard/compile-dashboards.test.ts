import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPackage } from '../../../_dev/conformance/package-under-test.ts';
import { dashboardRules } from '../../../_dev/conformance/rules/dashboard-rules.ts';
import { dashboardShapeRules } from '../../../_dev/conformance/rules/dashboard-shape-rules.ts';
import { apiFacts } from '../../../src/cloudflare/api-facts.ts';
import { compilePackage } from '../../../src/compile/compile-package.ts';
import { compileDashboards } from '../../../src/compile/dashboard/compile-dashboards.ts';
import { renderJson } from '../../../src/compile/render-json.ts';
import { readDefinition } from '../../../src/definition/read-definition.ts';
import { readProjectFiles } from '../../../src/package/read-project-files.ts';

const definition = await readDefinition('.');
const files = compileDashboards(definition);

type Tree = Readonly<Record<string, unknown>>;

/** What Kibana does with keys that end in JSON: it parses them, at every depth. */
function decode(value: unknown, key = ''): unknown {
  if (key.endsWith('JSON')) {
    expect(value, key).toBeTypeOf('string');
    return decode(JSON.parse(String(value)));
  }
  if (Array.isArray(value)) return value.map((child) => decode(child));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, decode(child, name)]));
}

describe('the dashboards of this project', async () => {
  it('keep the ids that links and bookmarks lead to', () => {
    expect(Object.fromEntries(definition.dashboards.map(({ name }, index) => [name, files.source[index]?.path]))).toEqual({
      'audit-overview': 'kibana/dashboard/cloudflare_api-8862f16f-872b-5d77-8e69-2f181d9f3c74.json',
      'audit-investigation': 'kibana/dashboard/cloudflare_api-7a86a2ce-5cbc-5da5-a808-3945c30aae5a.json',
      traffic: 'kibana/dashboard/cloudflare_api-26a4729b-7759-538e-9d21-347c8b594333.json',
      security: 'kibana/dashboard/cloudflare_api-81fc774e-cca9-5eeb-8e67-9ee0026a2ac7.json',
      performance: 'kibana/dashboard/cloudflare_api-44d8ef4e-6d9a-5f0b-8bdc-1cf28e91710d.json',
      'zero-trust-access': 'kibana/dashboard/cloudflare_api-74b7e58e-ae35-5d7b-8076-406ce709ab4d.json',
      'collection-health': 'kibana/dashboard/cloudflare_api-3ff20615-3fe0-588b-b90e-c46cb090c079.json',
    });
  });

  it('have objects in the source form, four spaces deep and sorted, and JSON text in the built form, which holds the same', () => {
    expect(files.source.map(({ path }) => path)).toEqual(files.built.map(({ path }) => path));
    for (const [index, { content, path }] of files.source.entries()) {
      const source = JSON.parse(String(content)) as Tree;
      expect(content, path).toBe(renderJson(source));
      const built = JSON.parse(String(files.built[index]?.content)) as { readonly attributes: Tree };
      expect(built.attributes.panelsJSON).toBeTypeOf('string');
      expect(decode(built), path).toEqual(source);
    }
  });

  it('are the same bytes each time', async () => {
    expect(compileDashboards(await readDefinition('.'))).toEqual(files);
  });

  const { source } = compilePackage(
    definition,
    await readProjectFiles(
      '.',
      definition.streams.map(({ name }) => name),
    ),
    apiFacts,
  );
  const tested = readPackage(
    new Map(source.flatMap(({ path, content }) => (/\.(yml|json|md)$/.test(path) ? [[path, Buffer.from(content).toString('utf8')] as const] : []))),
  );

  it.each([...dashboardRules, ...dashboardShapeRules])('keep the rule $id: $checks', (rule) => {
    expect(rule.isIdle?.(tested)).toBeUndefined();
    expect(rule.check(tested)).toEqual([]);
  });

  it('are few panels each, every one with a question of its own', () => {
    for (const { name, panels } of definition.dashboards) {
      const questions = panels.flatMap((panel) => (panel.kind === 'markdown' ? [] : [panel.question]));
      expect(new Set(questions).size, name).toBe(questions.length);
      expect(panels.length, name).toBeGreaterThanOrEqual(8);
    }
  });

  it('are listed in README.md', () => {
    const readme = readFileSync('README.md', 'utf8');
    expect(definition.dashboards.map(({ title }) => title).filter((title) => !readme.includes(`| ${title} |`))).toEqual([]);
  });

  it('show every data stream', () => {
    const shown = new Set(definition.dashboards.flatMap(({ streams }) => streams));
    expect(definition.streams.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  });
});
