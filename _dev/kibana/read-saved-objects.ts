import type { Asset } from './package-info.ts';
import type { Archive } from './read-archive.ts';
import { Refused } from './reply.ts';
import { toVersion } from './version.ts';

interface SavedObject {
  readonly id?: unknown;
  readonly type?: unknown;
  readonly attributes?: unknown;
  readonly references?: readonly { readonly id?: unknown; readonly name?: unknown; readonly type?: unknown }[];
  readonly coreMigrationVersion?: string;
  readonly typeMigrationVersion?: string;
}

/** The newest of each kind that every 8.19 and 9.x knows. */
const KNOWN: Readonly<Record<string, string>> = { dashboard: '10.3.0', core: '8.8.0' };

/**
 * The saved objects below `kibana/`, imported.
 * @throws {Refused} for those that the import would refuse
 */
export function readSavedObjects(archive: Archive): readonly Asset[] {
  const paths = archive.paths.filter((path) => /^[^/]+\/kibana\/[^/]+\/[^/]+\.json$/.test(path));
  const found = paths.map((path) => check(path, archive.read(path.slice(path.indexOf('/') + 1)) ?? ''));
  const errors = found.flatMap(({ asset, error }) => (error === undefined ? [] : [{ ...asset, error }]));
  if (errors.length > 0) throw new Refused(400, `Encountered ${errors.length} errors creating saved objects: ${JSON.stringify(errors)}`);
  return found.map(({ asset }) => asset);
}

function check(path: string, text: string): { readonly asset: Asset; readonly error?: string } {
  const [, , folder = '', file = ''] = path.split('/');
  const id = file.replace(/\.json$/, '');
  const asset = { id, type: folder.replaceAll('_', '-') };
  const error = findFault(id, asset.type, text);
  return { asset, ...(error === undefined ? {} : { error }) };
}

function findFault(id: string, type: string, text: string): string | undefined {
  const object = parse(text);
  if (object === undefined) return 'is no JSON';
  if (object.id !== id || object.type !== type) return `holds ${String(object.type)} ${String(object.id)}`;
  if (typeof object.attributes !== 'object' || object.attributes === null) return 'has no attributes';
  if (object.references?.some((one) => [one.id, one.name, one.type].some((part) => typeof part !== 'string')) === true)
    return 'has a reference without id, name or type';
  const newer = [
    [object.coreMigrationVersion, KNOWN.core],
    [object.typeMigrationVersion, KNOWN[type]],
  ].find(([given, known]) => given !== undefined && known !== undefined && isNewer(given, known));
  return newer === undefined
    ? undefined
    : `Document "${id}" belongs to a more recent version of Kibana [${newer[0]}] when the last known version is [${newer[1]}].`;
}

function parse(text: string): SavedObject | undefined {
  try {
    return JSON.parse(text) as SavedObject;
  } catch {
    return undefined;
  }
}

function isNewer(given: string, known: string): boolean {
  const [a, b] = [toVersion(given), toVersion(known)];
  const index = a.findIndex((part, position) => part !== b[position]);
  return index >= 0 && Number(a[index]) > Number(b[index]);
}
