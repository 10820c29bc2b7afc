import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EngineFailure } from './engine.ts';
import { renderJvmOptions, renderNodeSettings } from './home-layout.ts';
import type { RunAs } from './run-as.ts';

/** What a node folder is made for. */
export interface NodeFolderOptions {
  readonly home: string;
  readonly runAs: RunAs;
  readonly security: boolean;
  /** Where temporary folders are made. */
  readonly temporary: string;
}

/** Parts of an installation's own configuration that must not reach a throw-away node. */
const leftBehind = new Set(['elasticsearch.yml', 'elasticsearch.keystore', 'certs']);

function giveTo(folder: string, runAs: RunAs): void {
  if (runAs.uid === undefined || runAs.gid === undefined) {
    return;
  }
  chownSync(folder, runAs.uid, runAs.gid);
  const given = spawnSync('chown', ['-R', `${runAs.uid}:${runAs.gid}`, folder], { encoding: 'utf8' });
  if (given.status !== 0) {
    throw new EngineFailure(`could not give ${folder} to user ${runAs.uid}: ${given.stderr.trim()}`);
  }
}

/**
 * Makes a folder of its own for one node below the temporary folder: `config` (the distribution's, with our settings), `data`, `logs` and
 * `tmp`. Only the user the node runs as may read it.
 *
 * @throws EngineFailure where it cannot be made.
 */
export function makeNodeFolder({ home, runAs, security, temporary }: NodeFolderOptions): string {
  const folder = mkdtempSync(join(temporary, 'elasticsearch-node-'));
  try {
    const config = join(folder, 'config');
    cpSync(join(home, 'config'), config, { recursive: true, filter: (source) => !leftBehind.has(basename(source)) });
    for (const name of ['data', 'logs', 'tmp']) {
      mkdirSync(join(folder, name));
    }
    writeFileSync(join(config, 'elasticsearch.yml'), renderNodeSettings(home, folder, security));
    const jvmOptions = join(config, 'jvm.options');
    writeFileSync(jvmOptions, renderJvmOptions(readFileSync(jvmOptions, 'utf8'), folder));
    chmodSync(folder, 0o700);
    giveTo(folder, runAs);
  } catch (error) {
    removeNodeFolder(folder);
    throw error instanceof EngineFailure ? error : new EngineFailure(`could not prepare ${folder}: ${String(error)}`, { cause: error });
  }
  return folder;
}

/** Removes a node's folder, also while a process that was just killed is still letting go of it. */
export function removeNodeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}
