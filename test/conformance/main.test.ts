import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, ['node_modules/tsx/dist/cli.mjs', '_dev/conformance/main.ts', ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
}

const nothing = { ELASTIC_PACKAGE: '', DEV_ELASTICSEARCH: 'none', DEV_ELASTICSEARCH_URL: '' };

it('explains itself', () => {
  expect(run(['--help'], {})).toMatchObject({ status: 0, stdout: expect.stringContaining('npm run conformance') });
});

it('runs what needs no tool and no engine, says what is left out, and takes that for a fault only where all is asked for', () => {
  const { stdout, stderr } = run([], nothing);
  expect(stderr).toContain('ELASTIC_PACKAGE is not set');
  expect(stdout).toMatch(/^lint +left out/m);
  expect(stdout).toMatch(/^pipeline +left out/m);
  expect(stdout).toMatch(/^P3 +ok/m);
  expect(stdout).toMatch(/\d+ ok, [0-5] exceptions, \d+ cannot be shown here, 3 left out, \d+ faults\n$/);
  expect(run(['--all'], nothing).status).toBe(1);
}, 60_000);

it('refuses a tool that is not there', () => {
  const { status, stderr } = run([], { ELASTIC_PACKAGE: '/nowhere/elastic-package' });
  expect({ status, stderr: stderr.trim() }).toEqual({ status: 2, stderr: 'ELASTIC_PACKAGE=/nowhere/elastic-package does not exist' });
});

it('refuses an option that it does not know, and shows those it knows', () => {
  const { status, stderr } = run(['--everything'], nothing);
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/'--everything'[\s\S]*--all/) });
});
