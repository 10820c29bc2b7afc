import { defaultVersion, type EngineRequest, type RunningEngine } from './engine.ts';
import { fetchCore } from './fetch-core.ts';
import { startNode } from './start-node.ts';

/**
 * A throw-away node of the server core from Maven Central. What it does and lacks (9.2.0 and 8.19.0, found by experiment):
 *
 * - works: composable index templates with `data_stream`, component templates, `ignore_missing_component_templates`; data streams made by a `create`
 *   bulk, 409 on a second `_id`, rollover (also lazy), `_resolve/index`, `_mapping`, `_settings`, `_count`, `_cat`, search, aggregations, point in time,
 *   `if_seq_no`, `_update`; pipelines without processors; `index.default_pipeline`
 * - absent: every processor, `GET /`, all of `_data_stream` (so a data stream cannot be deleted), `_delete_by_query`, scripts, `index.lifecycle.*`, the
 *   stack's templates, the failure store (a bad document is refused with 400) and the field types `nearestTypes` names
 *
 * @throws EngineFailure where it cannot be fetched or does not come up.
 */
export async function useCore(request: EngineRequest): Promise<RunningEngine> {
  const version = request.version ?? defaultVersion;
  return startNode(await fetchCore(version, request), `the server core ${version} from Maven Central`, request);
}
