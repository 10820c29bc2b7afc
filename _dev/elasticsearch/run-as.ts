import { spawnSync } from 'node:child_process';
import { EngineFailure } from './engine.ts';

/** Another user of this machine; nothing where we may stay who we are. */
export interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

const userName = 'elasticsearch';

function readId(flag: '-u' | '-g'): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, userName], { encoding: 'utf8' });
  return status === 0 ? Number(stdout.trim()) : undefined;
}

/**
 * Who an engine runs as, since Elasticsearch refuses root: nobody else where we are not root, otherwise the system user `elasticsearch`, which is made
 * where there is none.
 *
 * @throws EngineFailure where the user cannot be made.
 */
export function findRunAs(ownUid: number | undefined): RunAs {
  if (ownUid !== 0) {
    return {};
  }
  if (readId('-u') === undefined) {
    const made = spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', userName], { encoding: 'utf8' });
    if (made.status !== 0) {
      throw new EngineFailure(
        `Elasticsearch refuses to run as root, and the system user ${userName} could not be made: ${made.error?.message ?? made.stderr.trim()}`,
      );
    }
  }
  const uid = readId('-u');
  const gid = readId('-g');
  if (uid === undefined || gid === undefined) {
    throw new EngineFailure(`Elasticsearch refuses to run as root, and the user ${userName} is not known`);
  }
  return { uid, gid };
}
