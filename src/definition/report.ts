import type { Fault } from '../errors.ts';

/** Notes a fault: where in the file, what is wrong, and what to do as an instruction. */
export type Report = (path: string, message: string, hint: string) => void;

/** A report that adds faults of one file to a list, each once: a file that serves several data streams is checked for each. */
export function toReport(file: string, faults: Fault[]): Report {
  return (path, message, hint) => {
    const isThere = faults.some((fault) => fault.file === file && fault.path === path && fault.message === message);
    if (!isThere) faults.push({ file, path, message, hint });
  };
}

/** A report whose paths begin with `prefix`; the empty path is the prefix itself. */
export function below(report: Report, prefix: string): Report {
  return (path, message, hint) => {
    const joined = path === '' || path.startsWith('[') || prefix === '' ? `${prefix}${path}` : `${prefix}.${path}`;
    report(joined, message, hint);
  };
}
