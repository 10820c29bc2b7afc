import { existsSync } from 'node:fs';
import { describe } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Why a group of tests does not run and what enables it; printed by the reporter. */
    skipReason?: string;
  }
}

/** Like vitest's `describe`. */
export type Describe = (name: string, body: () => void) => void;

/** A `describe` whose tests all run, or none of them where there is a reason, which the end of the run prints. */
export function toDescribe(skipReason: string | undefined): Describe {
  return (name, body) => {
    if (skipReason === undefined) {
      describe(name, body);
    } else {
      describe(name, { skip: true, meta: { skipReason } }, body);
    }
  };
}

/** A program that a machine may not have. */
export interface ProgramOrSkip {
  /** Where it lies; empty where the tests are skipped. */
  readonly path: string;
  readonly describeProgram: Describe;
}

/**
 * The program that an environment variable (`ELASTIC_PACKAGE`, `PACKAGE_REGISTRY`, `MITO`, `FILEBEAT`) names, or skipped tests where it is not set.
 *
 * @throws Error where it names a file that does not exist.
 */
export function programOrSkip(variable: string, what: string): ProgramOrSkip {
  const path = process.env[variable] ?? '';
  if (path !== '' && !existsSync(path)) {
    throw new Error(`${variable}=${path} does not exist`);
  }
  return { path, describeProgram: toDescribe(path === '' ? `${what} is not given. Enable: set ${variable} to the path of the program` : undefined) };
}
