import { expect, it } from 'vitest';
import { askEngine } from '../../../_dev/elasticsearch/ask-engine.ts';
import { engineOrSkip } from '../../engines.ts';

const { engine, describeEngine } = await engineOrSkip({ security: true });

describeEngine('an engine with security', () => {
  it('knows its superuser and refuses others', async () => {
    expect((await askEngine({ url: engine.url }, { path: '/_cluster/health' })).status).toBe(401);
    const { body } = await askEngine(engine, { path: '/_security/_authenticate' });
    expect(body).toMatchObject({ roles: ['superuser'], username: engine.credentials?.username });
  });
});
