import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { engineOrSkip } from '../engines.ts';
import { PLANTED } from '../scan-for-secrets.ts';
import { openScene } from './open-scene.ts';

const { engine, describeEngine } = await engineOrSkip();

describeEngine('a scene', () => {
  it('rejects when it is closed with a secret in a state, but not for its settings', async () => {
    for (const leaks of [false, true]) {
      const scene = await openScene(engine, 'leak');
      await scene.writeSettings('settings.yml', { connections: [{ name: 'a', api_token: PLANTED.apiToken }] });
      const state = join(scene.folder, 'state-settings.yml');
      await mkdir(state);
      const said = Buffer.from(`Bearer ${leaks ? PLANTED.apiToken : 'redacted'}`).toString('base64');
      await writeFile(join(state, 'dead-letters.ndjson'), `{"reason":"${said}"}\n`);
      const closed = scene.close().catch((error: unknown) => String(error));
      expect(await closed).toEqual(leaks ? expect.stringContaining('state-settings.yml/dead-letters.ndjson: apiToken, base64 at 1') : undefined);
    }
  });
});
