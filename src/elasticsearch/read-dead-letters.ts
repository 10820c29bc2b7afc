import { createReadStream } from 'node:fs';

/** A dead letter as the file holds it. */
export interface StoredDeadLetter {
  /** When it was written, ISO 8601 in UTC. */
  readonly time: string;
  readonly connection: string;
  readonly namespace: string;
  readonly stream: string;
  readonly source: string;
  readonly scope_id: string;
  readonly id: string;
  /** Status of the bulk item; 0 where the record was never sent; 201 where the failure store has it as well. */
  readonly status: number;
  readonly reason: string;
  /** The record's bytes. */
  readonly raw: Buffer;
}

type Line = Omit<StoredDeadLetter, 'raw'> & { readonly raw?: string; readonly raw_base64?: string };

function toLetter(text: string): StoredDeadLetter | undefined {
  let line: Line;
  try {
    line = JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
  const { raw, raw_base64: base64, ...letter } = line;
  return { ...letter, raw: base64 === undefined ? Buffer.from(raw ?? '') : Buffer.from(base64, 'base64') };
}

/** Only a line feed ends a line: a record may hold U+2028, which readline takes for one. */
async function* readLines(path: string): AsyncGenerator<string> {
  const input = createReadStream(path, 'utf8');
  let rest = '';
  for await (const chunk of input) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}

/** Reads the dead letters of a file in the order they were written; none where there is no file. A line cut by a crash is left out: its window was not settled. */
export async function* readDeadLetters(path: string): AsyncGenerator<StoredDeadLetter> {
  try {
    for await (const text of readLines(path)) {
      const letter = text === '' ? undefined : toLetter(text);
      if (letter !== undefined) {
        yield letter;
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw error;
    }
  }
}
