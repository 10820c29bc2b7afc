import { resolve } from 'node:path';
import { EngineFailure, type EngineRequest, type RunningEngine, WayNotGiven } from './engine.ts';
import { readHomeVersion } from './home-layout.ts';
import { startNode } from './start-node.ts';

/**
 * A throw-away node of the distribution at ELASTICSEARCH_HOME.
 *
 * @throws EngineFailure where the variable is not set, names something else or another version, or the node does not come up.
 */
export async function useHome(request: EngineRequest): Promise<RunningEngine> {
  const named = request.env.ELASTICSEARCH_HOME;
  if (!named) {
    throw new WayNotGiven('ELASTICSEARCH_HOME is not set');
  }
  const home = resolve(named);
  const version = readHomeVersion(home);
  if (request.version !== undefined && request.version !== version) {
    throw new EngineFailure(`ELASTICSEARCH_HOME=${home} is version ${version}, and ${request.version} is wanted`);
  }
  return startNode(home, `ELASTICSEARCH_HOME=${home}`, request);
}
