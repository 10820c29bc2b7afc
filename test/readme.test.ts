import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/cli/commands.ts';

const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md'];

/** The name by which a heading is linked. */
function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function readAnchors(page: string): ReadonlySet<string> {
  return new Set([...readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => toAnchor(String(heading))));
}

describe.each(pages)('%s', (page) => {
  const text = readFileSync(page, 'utf8');

  it('links to files and headings that are there', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => String(target)).filter((target) => !target.includes('://'));
    const broken = links.filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      return !existsSync(file) || (anchor !== undefined && !readAnchors(file).has(anchor));
    });
    expect(broken).toEqual([]);
  });

  it('names commands and scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/(?:`|^ *|&& )npm run (?:--silent )?([\w:]+)/gm)].map(([, name]) => String(name));
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    const called = [...text.matchAll(/npm run --silent cli -- ([a-z]+)/g)].map(([, name]) => String(name));
    expect(called.filter((name) => !commands.some((command) => command.name === name))).toEqual([]);
  });
});

it('README.md names every command', () => {
  const text = readFileSync('README.md', 'utf8');
  expect(commands.map(({ name }) => name).filter((name) => !new RegExp(`\`[^\`]*\\b${name}\\b|cli -- ${name}\\b`).test(text))).toEqual([]);
});
