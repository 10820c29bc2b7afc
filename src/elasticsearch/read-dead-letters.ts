import { createReadStream } from 'node:fs';
import { parseLetterLine, type StoredDeadLetter } from './dead-letter-line.ts';

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

/** A line of the file, and the letter that it holds; none in a line that a crash cut short. */
export interface LetterLine {
  /** Without its line end. */
  readonly text: string;
  readonly letter: StoredDeadLetter | undefined;
}

/** Reads the lines of a file in their order; none where there is no file. */
export async function* readLetterLines(path: string): AsyncGenerator<LetterLine> {
  try {
    for await (const text of readLines(path)) {
      if (text !== '') {
        yield { text, letter: parseLetterLine(text) };
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw error;
    }
  }
}

/** Reads the dead letters of a file in the order they were written; none where there is no file. A line cut by a crash is left out: its window was not settled. */
export async function* readDeadLetters(path: string): AsyncGenerator<StoredDeadLetter> {
  for await (const { letter } of readLetterLines(path)) {
    if (letter !== undefined) {
      yield letter;
    }
  }
}
