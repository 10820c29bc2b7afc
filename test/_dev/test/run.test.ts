import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

const project = join(import.meta.dirname, '../../..');

/** Runs `npm test`'s script on the fixtures; the environment of the surrounding vitest is left out. */
async function run(...names: readonly string[]) {
  const config = join(import.meta.dirname, 'fixtures/vitest.config.ts');
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, ['_dev/test/run.js', '--config', config, ...names], {
    cwd: project,
    env: { PATH, HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, , [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, lastLine: stdout.trimEnd().split('\n').at(-1) };
}

describe('npm test', () => {
  it('ends with the totals and 0 when all is well', async () => {
    expect(await run('passing')).toMatchObject({ code: 0, lastLine: '1 passed, 0 failed' });
  });

  it('counts failed hooks and says why tests were skipped', async () => {
    const { code, lastLine, stdout } = await run('outcomes');
    expect({ code, lastLine }).toEqual({ code: 1, lastLine: '2 passed, 2 failed, 5 skipped' });
    const file = 'test/_dev/test/fixtures/outcomes.fixture.ts';
    expect(stdout).toContain(`  1 skipped: the moon is down\n      1 in ${file}\n`);
    expect(stdout).toContain(`  2 skipped: it is Sunday. Enable: wait\n      2 in ${file}\n`);
    expect(stdout).toContain('  1 skipped: the program that nobody has is not given. Enable: set NO_SUCH_PROGRAM to the path of the program\n');
  });

  it('counts a file that cannot be loaded as failed', async () => {
    expect(await run('broken')).toMatchObject({ code: 1, lastLine: '0 passed, 1 failed' });
  });

  it('fails when no test matches', async () => {
    expect(await run('nothing-of-this-name')).toMatchObject({ code: 1 });
  });
});
