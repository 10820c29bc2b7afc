import { describe, expect, it } from 'vitest';
import { toExitCode } from '../../src/cli/exit-code.ts';
import { renderError } from '../../src/cli/program.ts';
import { CloudflareError, ElasticsearchError, InterruptedError, NotInstalledError, SettingsError, StateError, UsageError } from '../../src/errors.ts';
import { runCli } from './run-cli.ts';

const hint = 'Do this.';

describe('exit codes', () => {
  it.each([
    [new UsageError('x', { hint }), 2],
    [new SettingsError([{ file: 'f', path: 'p', message: 'm', hint }]), 2],
    [new ElasticsearchError('x', { hint }), 2],
    [new NotInstalledError('x', { hint }), 2],
    [new StateError('x', { hint }), 2],
    [new CloudflareError('x', { hint, act: 'pause' }), 2],
    [new InterruptedError('x', { hint }), 130],
    [new TypeError('x'), 1],
    ['thrown text', 1],
  ])('%s is %i', (error, code) => {
    expect(toExitCode(error)).toBe(code);
  });

  it('an expected error is its message and what to do; a bug shows its stack', () => {
    expect(renderError(new UsageError('what went wrong', { hint }))).toBe('what went wrong\n  Do this.');
    expect(renderError(new TypeError('oops'))).toMatch(/bug in cloudflare-integration[\s\S]*TypeError: oops\n\s+at /);
  });

  it('a bug inside a command ends with 1 and the stack', async () => {
    const readStdin = () => Promise.reject(new TypeError('oops'));
    const { exitCode, stderr, stdout } = await runCli(['preview', '-', '--stream', 'audit'], { readStdin });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/This is a bug[\s\S]*TypeError: oops\n\s+at /);
  });
});
