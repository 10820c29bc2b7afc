import type { DropDeclaration, FieldDeclaration, RuleDeclaration, StreamDeclaration } from './declaration.ts';
import { type EntryFile, joinEntries } from './join-entries.ts';
import { readYaml } from './read-yaml.ts';
import type { Report } from './report.ts';
import { suggest } from './suggest.ts';

/** Where the files of all data streams are. */
export interface RecordPlace {
  readonly folder: string;
  /** Makes a report for one file. */
  readonly reportOf: (file: string) => Report;
  /** Names of all data streams. */
  readonly names: readonly string[];
}

/** What is made of a stream's records; each list undefined where a file of it could not be read. */
export interface RecordDeclaration {
  readonly fields: EntryFile<FieldDeclaration> | undefined;
  readonly rules: EntryFile<RuleDeclaration | DropDeclaration> | undefined;
}

/**
 * The fields and rules of a data stream: its own, and before them those of the stream that it names as `same_record_as`. Faults of that stream's files are
 * reported when it is read itself.
 */
export async function readRecord(name: string, stream: StreamDeclaration | undefined, place: RecordPlace): Promise<RecordDeclaration> {
  const other = stream?.same_record_as;
  const read = { ...place, mayBeMissing: other !== undefined };
  const own = { fields: await readList('fields', name, read), rules: await readList('rules', name, read) };
  if (other === undefined) return own;
  if (!(await isWhole(name, other, place))) return { fields: undefined, rules: undefined };
  const first = { ...place, isQuiet: true };
  return { fields: join(await readList('fields', other, first), own.fields), rules: join(await readList('rules', other, first), own.rules) };
}

interface Lists {
  readonly fields: FieldDeclaration;
  readonly rules: RuleDeclaration | DropDeclaration;
}

interface ListPlace extends RecordPlace {
  /** @default only rules.yml */
  readonly mayBeMissing?: boolean;
  /** Nothing is reported while it is read. @default false */
  readonly isQuiet?: boolean;
}

const quiet: Report = () => {};

async function readList<Kind extends keyof Lists>(
  kind: Kind,
  name: string,
  { folder, reportOf, mayBeMissing = false, isQuiet = false }: ListPlace,
): Promise<EntryFile<Lists[Kind]> | undefined> {
  const file = `data_stream/${name}/${kind}.yml`;
  const report = reportOf(file);
  const missing = mayBeMissing || kind === 'rules' ? { missing: [] } : {};
  const entries = await readYaml<readonly Lists[Kind][]>(kind, { folder, file, report: isQuiet ? quiet : report, ...missing });
  return entries === undefined ? undefined : { entries, report };
}

function join<Entry extends { readonly name: string }>(
  first: EntryFile<Entry> | undefined,
  second: EntryFile<Entry> | undefined,
): EntryFile<Entry> | undefined {
  return first === undefined || second === undefined ? undefined : joinEntries(first, second);
}

/** Whether the named stream is another one that stands for itself; else that is reported. */
async function isWhole(name: string, other: string, { folder, names, reportOf }: RecordPlace): Promise<boolean> {
  const report = reportOf(`data_stream/${name}/stream.yml`);
  const others = names.filter((candidate) => candidate !== name);
  if (!others.includes(other)) {
    report('same_record_as', `${other} is no other data stream`, `${suggest(other, others)}Other data streams: ${others.join(', ') || 'none'}.`);
    return false;
  }
  const declared = await readYaml<StreamDeclaration>('stream', { folder, file: `data_stream/${other}/stream.yml`, report: quiet });
  if (declared?.same_record_as === undefined) return true;
  report('same_record_as', `${other} takes its record from ${declared.same_record_as} itself`, `Name ${declared.same_record_as}.`);
  return false;
}
