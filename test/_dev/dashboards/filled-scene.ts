import { fillEngine } from '../../../_dev/dashboards/demo/fill-engine.ts';
import { readDashboards } from '../../../_dev/dashboards/read-dashboards.ts';
import type { Dashboard } from '../../../_dev/dashboards/saved-object/dashboard.ts';
import { installScene, openScene, type Scene } from '../../e2e/open-scene.ts';
import type { TestEngine } from '../../engines.ts';

/** Little, but enough for every panel, at any time of the day. */
const SCALE = { auditDays: 2, auditEventsPerHour: 60, trafficHours: 2, linesPerHour: 2500, dailySwing: 0, beatMs: 900_000 };

/** A package of its own on the run's engine, filled with the demo's data, and its dashboards. */
export interface FilledScene {
  readonly scene: Scene;
  readonly dashboards: readonly Dashboard[];
}

/** Installs the declared package under another name, collects into it, and compiles its dashboards. */
export async function openFilledScene(engine: TestEngine): Promise<FilledScene> {
  const scene = await openScene(engine, 'dashboards');
  await installScene(scene);
  let log = '';
  const stream = {
    write: (text: string) => {
      log += text;
    },
  };
  const context = {
    ...{ env: {}, cwd: scene.folder, projectFolder: scene.projectFolder, stdout: stream, stderr: stream, pid: process.pid, version: '0.0.0' },
    ...{ signal: new AbortController().signal, isRunning: (pid: number) => pid === process.pid, readStdin: () => Promise.resolve(Buffer.alloc(0)) },
  };
  const writeSettings = (connections: readonly Readonly<Record<string, unknown>>[]): Promise<string> =>
    scene.writeSettings('settings.yml', { health: { heartbeat: '0s' }, connections });
  await fillEngine({ scale: SCALE, context, writeSettings }).catch((error: unknown) => {
    throw new Error(`filling the engine failed:\n${log}`, { cause: error });
  });
  return { scene, dashboards: readDashboards(scene.definition) };
}
