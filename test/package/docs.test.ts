import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiFacts } from '../../src/cloudflare/api-facts.ts';
import type { PackageDefinition } from '../../src/definition/definition.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { buildPackage } from '../../src/package/build-package.ts';

let root: string;
let definition: PackageDefinition;
let page: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'docs-'));
  definition = await readDefinition('.');
  const { packageFolder } = await buildPackage(definition, { projectFolder: '.', outFolder: root, api: apiFacts });
  page = readFileSync(join(packageFolder, 'docs/README.md'), 'utf8');
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

/** The text from a heading to the next of its depth or above. */
function sectionOf(title: string): string {
  const heading = page.split('\n').find((line) => line.replace(/^#+ /, '') === title && line.startsWith('#')) ?? '';
  const [, after = ''] = page.split(`\n${heading}\n`);
  const depth = heading.indexOf(' ');
  return after.split(new RegExp(`^#{1,${depth}} `, 'm'))[0] ?? '';
}

/** The cells of the rows of a table that stands below a line. */
function rowsBelow(line: string): readonly (readonly string[])[] {
  const lines = (page.split(`${line}\n`)[1] ?? '').trimStart().split('\n');
  const end = lines.findIndex((row) => !row.startsWith('|'));
  return lines.slice(2, end).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => String(name));
}

describe('the docs of the package', () => {
  it('hold every message and hint that a person can meet, under Troubleshooting', () => {
    const text = sectionOf('Troubleshooting');
    const missing = apiFacts.troubles.flatMap(({ says, hint }) => [hint, ...says.map((words) => `\`${words}\``)]).filter((words) => !text.includes(words));
    expect(missing).toEqual([]);
  });

  it('name every endpoint, limit and other request under API usage', () => {
    const text = sectionOf('API usage');
    const endpoints = definition.streams.flatMap(({ sources }) => sources.map(({ request }) => `\`${request.method} ${request.path}\``));
    const wanted = [...endpoints, ...apiFacts.calls.map(({ method, path }) => `\`${method} ${path}\``), ...apiFacts.rateLimits.map(({ counts }) => counts)];
    expect(wanted.length).toBeGreaterThan(10);
    expect(wanted.filter((words) => !text.includes(words))).toEqual([]);
  });

  it('weakness 30: name for each data stream the permission that its sources are declared with, and no other', () => {
    const rows = rowsBelow('A token needs these permissions and no others. To read is enough; nothing is ever written to Cloudflare.');
    const declared = definition.streams.map(({ title, sources }) => [title, [...new Set(sources.map(({ permission }) => permission))].join(', ') || 'none']);
    expect(rows.map(([title, needed]) => [title, needed])).toEqual(declared);
    expect(rows.every(([, needed = '', , spared = '']) => needed.split(', ').every((permission) => !spared.split(', ').includes(permission)))).toBe(true);
  });

  it.each([
    ['Fields of Logpull that have another name here:', 'logpull'],
    ['Fields of audit events that have another name here:', 'audit'],
  ])('%s only fields that are declared stand on our side', (line, stream) => {
    const rows = rowsBelow(line);
    const fields = new Set(definition.streams.find(({ name }) => name === stream)?.fields.map(({ name }) => name));
    expect(rows.length).toBeGreaterThanOrEqual(5);
    expect(rows.flatMap(([, ours = '']) => namesIn(ours)).filter((name) => !fields.has(name))).toEqual([]);
    expect(rows.filter(([theirs = '', ours = '']) => namesIn(theirs).length !== 1 || namesIn(ours).length === 0)).toEqual([]);
    expect(rows.flatMap(([theirs = '']) => namesIn(theirs)).filter((name) => fields.has(name))).toEqual([]);
  });

  it('tell how to set up both kinds of credential, and say aloud what is out of scope', () => {
    const steps = sectionOf('Set up steps in Cloudflare');
    for (const words of ['An API token of a user:', 'An API token of the account:', 'E-mail address and global API key:']) expect(steps).toContain(words);
    const scope = sectionOf('Compatibility');
    for (const words of ['Logpush', '/organizations/{organization_id}/logs/audit']) expect(scope).toContain(words);
  });

  it('have a checklist for events that do not come', () => {
    const text = sectionOf('Connected, but no events');
    const points = [...text.matchAll(/^\d+\. /gm)];
    expect(points.length).toBeGreaterThanOrEqual(8);
    for (const words of [/retention/, /Elastic Agent/, /time range/, /data view/, /namespace/]) expect(text).toMatch(words);
  });
});
