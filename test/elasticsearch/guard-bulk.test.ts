import { expect, it } from 'vitest';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import { guardBulk } from '../../src/elasticsearch/guard-bulk.ts';

it('holds bulk requests back while the collector may not write, and nothing else', async () => {
  const sent: string[] = [];
  const client: Elasticsearch = {
    url: 'u',
    request: async <Body>({ path }: { readonly path: string }) => {
      sent.push(path);
      return { status: 200, body: {} as Body };
    },
    close: async () => {},
  };
  let sure = false;
  const guarded = guardBulk(client, () => sure);
  const send = (path: string) => guarded.request({ attempt: 'writing', method: 'POST', path });
  await expect(send('/logs-a/_bulk')).rejects.toMatchObject({
    code: 'ELASTICSEARCH',
    retryable: true,
    message: expect.stringMatching(/^writing: not sent/) as string,
  });
  await send('/logs-a/_search');
  sure = true;
  await send('/logs-a/_bulk');
  expect(sent).toEqual(['/logs-a/_search', '/logs-a/_bulk']);
});
