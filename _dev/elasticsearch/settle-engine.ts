import { setTimeout as wait } from 'node:timers/promises';
import { askEngine, type EngineAddress } from './ask-engine.ts';

const quietMs = 500;

async function readStateVersion(address: EngineAddress): Promise<number | undefined> {
  const { status, body } = await askEngine(address, { path: '/_cluster/state/version' });
  return status === 200 ? (body as { readonly version?: number } | undefined)?.version : undefined;
}

/** Whether a node answers health and, where it has it, `GET /`. */
async function isUp(address: EngineAddress): Promise<boolean> {
  const health = await askEngine(address, { path: '/_cluster/health?wait_for_status=yellow&wait_for_events=languid&timeout=5s' });
  return health.status === 200 && (await askEngine(address, { path: '/' })).status !== 503;
}

/**
 * Whether a node that was just started is up and has finished preparing itself: the stack adds its templates after the node answers already, so the
 * cluster state has to stay the same for half a second. False where it does not answer yet.
 */
export async function isSettled(address: EngineAddress): Promise<boolean> {
  try {
    if (!(await isUp(address))) {
      return false;
    }
    const before = await readStateVersion(address);
    await wait(quietMs);
    return before !== undefined && before === (await readStateVersion(address));
  } catch {
    return false;
  }
}
