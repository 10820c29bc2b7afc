import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FuzzCase } from './fuzz-stream.ts';

/** Keeps a failing event as a fixture that the tests replay; resolves with the file. The same event is the same file. */
export async function writeCase(folder: string, found: FuzzCase): Promise<string> {
  const text = JSON.stringify(found.event);
  const file = join(folder, `${found.stream}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.json`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${JSON.stringify(found, null, 2)}\n`);
  return file;
}
