import type { Fault } from '../errors.ts';

/** Notes a fault: where in the file, what is wrong, and what to do as an instruction. */
export type Report = (path: string, message: string, hint: string) => void;

/** A report that adds faults of one file to a list. */
export function toReport(file: string, faults: Fault[]): Report {
  return (path, message, hint) => {
    faults.push({ file, path, message, hint });
  };
}

/** A report whose paths begin with `prefix`; the empty path is the prefix itself. */
export function below(report: Report, prefix: string): Report {
  return (path, message, hint) => {
    const joined = path === '' || path.startsWith('[') || prefix === '' ? `${prefix}${path}` : `${prefix}.${path}`;
    report(joined, message, hint);
  };
}
