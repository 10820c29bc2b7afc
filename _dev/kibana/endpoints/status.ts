import { statusAnswer } from '../answer-schemas.ts';
import type { Endpoint } from '../endpoint.ts';
import { toReply } from '../reply.ts';
import type { World } from '../world.ts';

/** `GET /api/status`: everybody is answered, but only who is known learns the version. */
export const status: Endpoint = {
  method: 'GET',
  path: '/api/status',
  needs: 'nothing',
  query: { v7format: 'boolean', v8format: 'boolean' },
  gives: statusAnswer,
  answer: ({ username }, world) => {
    const { level } = world;
    const body = username === undefined ? { status: { overall: { level } } } : toStatus(world);
    return { ...toReply(body), status: level === 'available' || level === 'degraded' ? 200 : 503 };
  },
};

const NOW = '2026-01-01T00:00:00.000Z';

function toStatus({ level, version }: World): unknown {
  const service = { level, summary: `Kibana is ${level}`, meta: {} };
  return {
    name: 'kibana',
    uuid: '5b2de169-2785-441b-ae8c-186a1936b17d',
    version: { number: version, build_hash: 'simulated', build_number: 1, build_snapshot: false, build_flavor: 'traditional', build_date: NOW },
    status: { overall: service, core: { elasticsearch: service, savedObjects: service }, plugins: { fleet: service } },
    metrics: {
      last_updated: NOW,
      collection_interval_in_millis: 5000,
      elasticsearch_client: { totalActiveSockets: 0, totalIdleSockets: 0, totalQueuedRequests: 0 },
    },
  };
}
