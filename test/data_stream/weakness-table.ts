/** Weaknesses of the packages that came before this one, and where a test shows that this one does better. */

/** A capability that a later change brings, and how to see that it is there. */
interface Capability {
  readonly what: string;
  /** Paths of the project; where one of them exists, the capability is there. */
  readonly paths: readonly string[];
  /** A command of package.json that comes with it. */
  readonly script?: string;
}

const audit = 'test/data_stream/weaknesses-audit.test.ts';
const logpull = 'test/data_stream/weaknesses-logpull.test.ts';

const collection = 'test/e2e/weaknesses-collection.test.ts';

/** One weakness. */
export interface Weakness {
  readonly item: number;
  readonly title: string;
  /** Files that hold a test named `weakness ITEM: ...`. */
  readonly files?: readonly string[];
  /** What shows it once it is there: then some file below test/ holds such a test. */
  readonly later?: Capability;
}

/** All thirty. */
export const weaknesses: readonly Weakness[] = [
  { item: 1, title: 'only the old audit API is read', files: [audit] },
  { item: 2, title: 'no Access events', files: ['test/e2e/user-audit-and-access.test.ts'] },
  { item: 3, title: 'a page size cuts request logs off', files: [collection] },
  { item: 4, title: 'a quiet zone stands still', files: [collection] },
  { item: 5, title: 'an exact multiple of the page size is read again and again', files: [collection] },
  { item: 6, title: 'an answer that breaks off is lost or buffered whole', files: [collection] },
  { item: 7, title: 'rate limits are not minded', files: [collection] },
  { item: 8, title: 'big integers lose digits', files: [logpull] },
  { item: 9, title: 'late events are missed, and a long interval never catches up', files: [collection] },
  { item: 10, title: 'an outdated input is still offered', files: ['test/package/build-conformance.test.ts'] },
  { item: 11, title: 'no way to read older logs', files: [collection] },
  { item: 12, title: 'one account or zone per policy', files: [collection] },
  { item: 13, title: 'removed fields are asked for, renamed ones are not', files: [logpull] },
  { item: 14, title: 'fields are asked for and dropped, mapped and not asked for, or unknown', files: [logpull] },
  { item: 15, title: 'parts of an audit record are dropped', files: [audit] },
  { item: 16, title: 'no related fields, no event.id, no outcome', files: [audit, logpull] },
  { item: 17, title: 'client and server repeat source and destination', files: [logpull] },
  { item: 18, title: 'a ratio as a whole number, an id as a number', files: [logpull] },
  { item: 19, title: 'an allowed request counts as denied', files: [logpull] },
  { item: 20, title: 'a failed login counts as a success', files: [audit] },
  { item: 21, title: 'unknown actions have no category and a type that is no list', files: [audit] },
  { item: 22, title: 'without a host nothing is mapped', files: [logpull] },
  { item: 23, title: 'an absent field breaks the mapping', files: [logpull] },
  { item: 24, title: 'an actor address that is no address breaks the mapping', files: [audit] },
  { item: 25, title: "an input's error becomes a broken event", files: [audit] },
  { item: 26, title: 'HTTP/3 goes over TCP', files: [logpull] },
  { item: 27, title: 'the scheme of an address is guessed', files: [logpull] },
  { item: 28, title: 'after a rollover or with other fields an event is stored twice', files: [collection] },
  { item: 29, title: 'failures do not say which processor failed', files: [logpull] },
  {
    item: 30,
    title: 'no audit dashboard, and the docs name a wrong permission',
    files: ['test/package/docs.test.ts', 'test/package/build-conformance.test.ts'],
  },
];

/** What stands in the project. */
export interface Project {
  readonly exists: (path: string) => boolean;
  readonly scripts: readonly string[];
  /** Text of every test file, by path. */
  readonly tests: ReadonlyMap<string, string>;
}

/** Whether a file holds a test of that name that runs. */
function holds(text: string | undefined, item: number): boolean {
  const titles = [...(text ?? '').matchAll(/(\bit(?:\.\w+)*)(?:\((?:[^()]|\([^()]*\))*\))?\(\s*['"`]weakness (\d+): /g)];
  return titles.some(([, call, found]) => Number(found) === item && !/skip|todo/.test(String(call)));
}

/** Names each weakness that no test shows although it should. */
export function findUnshown(table: readonly Weakness[], { exists, scripts, tests }: Project): readonly string[] {
  return table.flatMap(({ item, title, files = [], later }) => {
    const missing = files.filter((file) => !holds(tests.get(file), item)).map((file) => `${item} (${title}): ${file} has no test "weakness ${item}: ..."`);
    const due = later !== undefined && (later.paths.some(exists) || (later.script !== undefined && scripts.includes(later.script)));
    const shown = [...tests.values()].some((text) => holds(text, item));
    return due && !shown ? [...missing, `${item} (${title}): ${later.what} is there, and no file below test/ has a test "weakness ${item}: ..."`] : missing;
  });
}
