import { readFileSync } from 'node:fs';

/** An answer of Cloudflare's that refuses something, as it was documented or reported. */
export interface ErrorBody {
  /** File name without its ending, such as `11_429_971_throttle`. */
  readonly name: string;
  readonly status: number;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface IndexEntry {
  readonly file: string;
  readonly status: number;
  readonly content_type: string;
  readonly headers: Readonly<Record<string, string>>;
}

const FOLDER = new URL('./errors/', import.meta.url);

/** Every error body under errors/, in the order of their numbers. */
export const ERROR_BODIES: readonly ErrorBody[] = (JSON.parse(readFileSync(new URL('index.json', FOLDER), 'utf8')) as readonly IndexEntry[]).map((entry) => ({
  name: entry.file.replace(/\.[a-z]+$/, ''),
  status: entry.status,
  contentType: entry.content_type,
  headers: entry.headers,
  body: readFileSync(new URL(entry.file, FOLDER), 'utf8'),
}));

/**
 * The error body of a name: `errors/11_429_971_throttle.json`, `11_429_971_throttle` or its number alone, `11`.
 * @throws {Error} for a name that none has
 */
export function findErrorBody(name: string): ErrorBody {
  const wanted = name.replace(/^errors\//, '').replace(/\.(json|html|txt)$/, '');
  const found = ERROR_BODIES.find((body) => body.name === wanted || body.name.startsWith(`${wanted}_`));
  if (!found) throw new Error(`no error body "${name}"; there are: ${ERROR_BODIES.map((body) => body.name).join(', ')}`);
  return found;
}
