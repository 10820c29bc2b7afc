import { load } from 'js-yaml';
import type { PackageFile } from './package-file.ts';

/** An event as elastic-package feeds it to the pipeline. */
export type FixtureEvent = Readonly<Record<string, unknown>>;

const CONFIG = 'test-common-config.yml';

function toText({ content }: PackageFile): string {
  return typeof content === 'string' ? content : Buffer.from(content).toString('utf8');
}

function baseName({ path }: PackageFile): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function readConfigured(files: readonly PackageFile[], name: string): FixtureEvent {
  const found = [CONFIG, `${name}-config.yml`].flatMap((config) => files.filter((file) => baseName(file) === config));
  const fields = found.map((file) => (load(toText(file)) as { readonly fields?: FixtureEvent } | undefined)?.fields ?? {});
  return Object.assign({}, ...fields) as FixtureEvent;
}

function readFirst(fixture: PackageFile): FixtureEvent | undefined {
  const text = toText(fixture);
  if (fixture.path.endsWith('.json')) {
    return (JSON.parse(text) as { readonly events: readonly FixtureEvent[] }).events[0];
  }
  const line = text.split('\n').find((candidate) => candidate.trim() !== '');
  return line === undefined ? undefined : { message: line.replace(/\r$/, '') };
}

/**
 * The first event of the first fixture among the files of a `_dev/test/pipeline` folder, by name: `test-NAME.json` with `events`, or `test-NAME.log` with a
 * raw record a line; `fields` of the folder's configuration are added. Undefined where there is no fixture.
 */
export function readFixture(files: readonly PackageFile[]): FixtureEvent | undefined {
  const fixtures = files.filter((file) => /\/test-[^/]+\.(log|json)$/.test(file.path) && !file.path.endsWith('-expected.json'));
  const [first] = fixtures.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const event = first === undefined ? undefined : readFirst(first);
  return first === undefined || event === undefined ? undefined : { ...readConfigured(files, baseName(first)), ...event };
}
