import { describe, expect, it, onTestFinished } from 'vitest';
import { startEngineBroker } from '../../../_dev/test/engine-broker.ts';

async function ask(env: Readonly<Record<string, string>>, path: string) {
  const broker = await startEngineBroker(env, () => undefined);
  onTestFinished(broker.stop);
  const response = await fetch(`${broker.url}${path}`);
  return { status: response.status, text: await response.text() };
}

describe('the engines of a run', () => {
  it('are a reason to skip where no engine is wanted', async () => {
    const { status, text } = await ask({ DEV_ELASTICSEARCH: 'none' }, '/plain');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({ skip: expect.stringContaining('DEV_ELASTICSEARCH=none asks for no engine') });
  });

  it('are a failure, and nothing else is tried, where a variable asks for one that cannot be had', async () => {
    const { status, text } = await ask({ ELASTICSEARCH_HOME: '/nonsense' }, '/secured');
    expect(status).toBe(500);
    expect(text).toContain('no Elasticsearch with security for development:\n  home: /nonsense is no unpacked Elasticsearch distribution');
  });

  it('are a failure where the way that is asked for does not exist', async () => {
    expect((await ask({ DEV_ELASTICSEARCH: 'podman' }, '/plain')).status).toBe(500);
  });
});
