import { type Zippable, zipSync } from 'fflate';
import type { PackageFile } from '../compile/package-file.ts';

/** Regular file, 0644, as Unix keeps it in a zip's upper 16 bits. */
const ATTRIBUTES = 0o100644 << 16;
const UNIX = 3;

/** Bytes of a zip with these files below `folder`; the same files give the same bytes at any time, in any time zone. */
export function toZip(folder: string, files: readonly PackageFile[]): Uint8Array {
  // fflate writes local time: noon of the format's first day reads the same in every time zone, and exists in each.
  const mtime = new Date(1980, 0, 1, 12);
  const entries: Zippable = {};
  for (const { path, content } of files) {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    entries[`${folder}/${path}`] = [bytes, { level: 9, mtime, os: UNIX, attrs: ATTRIBUTES }];
  }
  return zipSync(entries);
}
