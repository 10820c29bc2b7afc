import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that looks like an unpacked distribution of version 1.2.3, with a shell script in place of the server. */
export interface FakeDistribution {
  readonly home: string;
  /** Where the provider makes its folders; the script may write there, too. */
  readonly temporary: string;
  /** The environment that leads the provider here and nowhere else. */
  readonly env: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

/** Makes one; `script` is what `bin/elasticsearch` runs. */
export function makeFakeDistribution(script: string): FakeDistribution {
  const root = mkdtempSync(join(tmpdir(), 'fake-distribution-'));
  const home = join(root, 'home');
  const temporary = join(root, 'temporary');
  for (const folder of ['bin', 'lib', 'config', 'jdk/bin']) {
    mkdirSync(join(home, folder), { recursive: true });
  }
  mkdirSync(temporary);
  writeFileSync(join(home, 'lib/elasticsearch-1.2.3.jar'), '');
  writeFileSync(join(home, 'lib/elasticsearch-core-1.2.3.jar'), '');
  writeFileSync(join(home, 'config/jvm.options'), '');
  writeFileSync(join(home, 'jdk/bin/java'), '');
  writeFileSync(join(home, 'bin/elasticsearch'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  chmodSync(root, 0o755);
  chmodSync(temporary, 0o777);
  const env = { ELASTICSEARCH_HOME: home, DEV_ELASTICSEARCH: 'home', TMPDIR: temporary, PATH: process.env.PATH ?? '', STARTED: join(temporary, 'started') };
  return { home, temporary, env, remove: () => rmSync(root, { recursive: true, force: true }) };
}
