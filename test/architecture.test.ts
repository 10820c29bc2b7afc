import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Each room and the rooms it may import; `errors` is open to all. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  definition: [],
  pipeline: ['definition'],
  compile: ['definition', 'pipeline'],
  package: ['definition', 'pipeline', 'compile'],
  settings: ['definition', 'pipeline'],
  enrichment: ['pipeline', 'settings'],
  cloudflare: ['definition', 'pipeline', 'settings'],
  collect: ['definition'],
  elasticsearch: ['definition', 'pipeline', 'settings', 'cloudflare', 'collect'],
  health: ['definition', 'pipeline', 'settings', 'cloudflare', 'collect', 'elasticsearch'],
  kibana: ['definition', 'settings'],
};

interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Imported files of the project, and names of packages. */
  readonly imports: readonly string[];
}

function readSources(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js)$/.test(name))
    .map((name) => readSource(join(folder, name)));
}

function readSource(path: string): SourceFile {
  const text = readFileSync(path, 'utf8');
  const specifiers = [...text.matchAll(/(?:^(?:import|export|\})[^\n']*from |^import |\bimport\()'([^']+)'/gm)].map((match) => String(match[1]));
  return { path, text, imports: specifiers.map((name) => (name.startsWith('.') ? normalize(join(dirname(path), name)) : name)) };
}

/** The room of a file below src/, e.g. `collect`; undefined for `src/errors.ts`. */
function roomOf(path: string): string | undefined {
  const [top, room, ...rest] = path.split(sep);
  return top === 'src' && rest.length > 0 ? room : undefined;
}

const sources = readSources('src');
const development = readSources('_dev');

describe('the house', () => {
  it('has no room without a rule, and none called utils, helpers, common or manager', () => {
    const rooms = new Set(sources.map(({ path }) => roomOf(path)).filter((room) => room !== undefined && room !== 'cli'));
    expect([...rooms].filter((room) => !(String(room) in mayImport))).toEqual([]);
    expect([...sources, ...development].filter(({ path }) => /utils|helpers|common|manager/.test(path))).toEqual([]);
  });

  it('imports only to the left', () => {
    const wrong = sources.flatMap(({ path, imports }) => {
      const room = roomOf(path);
      if (room === undefined || room === 'cli') return [];
      const allowed = [room, ...(mayImport[room] ?? [])];
      return imports
        .filter((name) => name.startsWith('src') && name !== join('src', 'errors.ts') && !allowed.includes(roomOf(name) ?? ''))
        .map((name) => `${path} -> ${name}`);
    });
    expect(wrong).toEqual([]);
  });

  it('never imports _dev or test from src', () => {
    expect(sources.flatMap(({ path, imports }) => imports.filter((name) => /^(_dev|test)/.test(name)).map((name) => `${path} -> ${name}`))).toEqual([]);
  });

  it.each(['cloudflare', 'kibana'])('keeps the simulated API of _dev/%s apart from our assumptions', (folder) => {
    const simulated = development.filter(({ path }) => path.startsWith(join('_dev', folder) + sep));
    expect(simulated.length).toBeGreaterThan(5);
    expect(simulated.flatMap(({ path, imports }) => imports.filter((name) => name.startsWith('src')).map((name) => `${path} -> ${name}`))).toEqual([]);
  });

  it('touches the process in cli only', () => {
    const touching = sources.filter(({ path, text }) => roomOf(path) !== 'cli' && /\bprocess\./.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')));
    expect(touching.map(({ path }) => path)).toEqual([]);
  });

  it('imports each library in one place of a room', () => {
    const once = ['@elastic/ecs', 'lossless-json', 'handlebars', 'fflate', 'commander', 'uap-core', 'prom-client'];
    const twice = once.filter(
      (library) => sources.filter(({ imports }) => imports.some((name) => name === library || name.startsWith(`${library}/`))).length > 1,
    );
    expect(twice).toEqual([]);
  });

  it('keeps files below 250 lines', () => {
    const long = [...sources, ...development]
      .map(({ path, text }) => `${path}: ${text.split('\n').length - 1}`)
      .filter((line) => Number(line.split(': ')[1]) > 250);
    expect(long).toEqual([]);
  });

  it('imports only packages that package.json names', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
    const named = sources.flatMap(({ path, imports }) =>
      imports
        .filter((name) => !name.startsWith('src') && !name.startsWith('node:'))
        .map((name) =>
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        )
        .filter((name) => !(name in dependencies) && name !== 'tsx')
        .map((name) => `${path} -> ${name}`),
    );
    expect(named).toEqual([]);
  });
});
