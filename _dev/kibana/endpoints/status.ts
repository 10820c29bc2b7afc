import type { Endpoint } from '../endpoint.ts';
import { toReply } from '../reply.ts';

/** `GET /api/status`: everybody is answered, but only who is known learns the version. */
export const status: Endpoint = {
  method: 'GET',
  path: '/api/status',
  needs: 'nothing',
  query: { v7format: 'boolean', v8format: 'boolean' },
  answer: ({ username }, { level, version }) => {
    const overall = { level };
    const known = {
      name: 'kibana',
      uuid: '5b2de169-2785-441b-ae8c-186a1936b17d',
      version: { number: version, build_hash: 'simulated', build_snapshot: false },
    };
    return { ...toReply({ ...(username === undefined ? {} : known), status: { overall } }), status: level === 'available' || level === 'degraded' ? 200 : 503 };
  },
};
