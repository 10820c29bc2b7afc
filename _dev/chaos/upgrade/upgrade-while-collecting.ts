import { join } from 'node:path';
import type { StoredDocument } from '../../../test/e2e/read-stored.ts';
import type { ChaosWorld } from '../chaos-world.ts';
import { finishWorld } from '../finish-world.ts';
import type { Stage } from '../open-stage.ts';
import type { Ground, Part } from '../part.ts';
import type { Program, Started } from '../program.ts';
import { untilLogged } from '../until-logged.ts';
import { openLiveWorld, stopCleanly } from './live-world.ts';
import { layNextVersion, NEW_FIELD, toNextVersions } from './next-version.ts';
import { stopInTheMiddle } from './stop-in-the-middle.ts';

const WINDOW = / audit of .* read, /;

/** Upgrades a package under a collector that goes on, then stops collectors in the middle of windows. */
export const upgradeWhileCollecting: Part = async (ground) => {
  const stage = await ground.openStage();
  const world = await openLiveWorld(stage, 'upgrade', ground.seed);
  try {
    const wrong = await upgrade(ground, stage, world);
    return [...wrong.map((text) => `upgrade: ${text}`), ...(await stopInTheMiddle(ground, await ground.openStage()))];
  } finally {
    await world.close();
  }
};

async function upgrade({ dist, print }: Ground, { program, scene }: Stage, world: ChaosWorld): Promise<readonly string[]> {
  const collecting = program.start(['collect', '--config', world.file], scene.folder);
  const versions = toNextVersions(scene.definition.version);
  const wrong: string[] = [];
  let newest: Program = program;
  let windows = 3;
  await untilLogged(collecting, WINDOW, windows);
  for (const next of versions) {
    newest = await layNextVersion(next, { folder: join(scene.folder, `version-${next.version}`), name: scene.name, dist });
    wrong.push(...(await installed(newest.start(['install', '--config', world.file], scene.folder), next.version)));
    windows = countWindows(collecting) + 3;
    await untilLogged(collecting, WINDOW, windows);
  }
  const stopped = await stopCleanly(collecting);
  const finished = await finishWorld({ world, program: newest, cwd: scene.folder, content: false });
  const marks = judgeField(await world.read('audit'));
  print(`  ${versions.length} upgrades, ${windows} windows of audit in between, ${finished.documents} documents equal to the ledger by id; ${marks.said}`);
  return [...wrong, ...stopped.wrong, ...finished.wrong, ...marks.wrong];
}

function countWindows({ stderr }: Started): number {
  return stderr().match(new RegExp(WINDOW.source, 'g'))?.length ?? 0;
}

async function installed({ ended, stderr }: Started, version: string): Promise<readonly string[]> {
  const code = await ended;
  return code === 0 ? [] : [`installing ${version} ended with ${code}: ${stderr().slice(-1500)}`];
}

/** Events before the upgrade lack the new field, events after it have it, and the change of a mapping made a new backing index. */
function judgeField(stored: readonly StoredDocument[]): { readonly said: string; readonly wrong: readonly string[] } {
  const [, , last = ''] = NEW_FIELD.split('.');
  const isNew = ({ document }: StoredDocument): boolean => {
    const { audit } = (document.cloudflare ?? {}) as { readonly audit?: Readonly<Record<string, unknown>> };
    return audit?.[last] !== undefined;
  };
  const after = stored.filter(isNew).length;
  const indices = new Set(stored.map(({ index }) => index)).size;
  return {
    said: `${after} of ${stored.length} audit events have the new field, in ${indices} backing indices`,
    wrong: [
      ...(after > 0 && after < stored.length ? [] : [`${after} of ${stored.length} events have the new field: the upgrade did not come in the middle`]),
      ...(indices === 2 ? [] : [`the events lie in ${indices} backing indices, not in 2`]),
    ],
  };
}
