import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { runCli } from './run-cli.ts';

/** Without the line breaks that the width of a terminal asks for. */
const toWords = (text: string) => text.split(/\s+/).join(' ');

describe('help', () => {
  it('of the program names every command with a summary', async () => {
    const { exitCode, stderr, stdout } = await runCli(['--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const { name, summary, args = [] } of commands) {
      expect(toWords(stdout)).toContain([name, '[options]', ...args.map((argument) => argument.name), summary].join(' '));
    }
  });

  it('has the commands that the contract names so far', () => {
    const named = ['build', 'install', 'uninstall', 'check', 'collect', 'backfill', 'verify', 'status', 'state', 'dlq', 'preview'];
    expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(named));
  });

  it.each(commands)('of $name has its description, every option and examples that it takes', async ({ name, description, examples, options }) => {
    const { exitCode, stderr, stdout } = await runCli([name, '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(toWords(stdout)).toContain(toWords(description));
    for (const option of options) expect(toWords(stdout)).toContain(`${option.flags} ${toWords(option.description)}`);
    expect(examples.length).toBeGreaterThan(0);
    const known = new Set(options.map(({ flags }) => flags.split(' ')[0]));
    for (const example of examples) {
      expect(stdout).toContain(`$ cloudflare-integration ${example}`);
      const command = example.includes('|') ? (example.split('cloudflare-integration ')[1] ?? '') : example;
      expect(command.split(' ')[0]).toBe(name);
      for (const flag of command.match(/--[a-z-]+/g) ?? []) expect(known).toContain(flag);
    }
  });

  it('comes with "help COMMAND" as well', async () => {
    const [asCommand, asOption] = [await runCli(['help', 'collect']), await runCli(['collect', '--help'])];
    expect(asCommand).toEqual(asOption);
  });

  it('--version prints it', async () => {
    expect(await runCli(['--version'], { version: '1.2.3' })).toEqual({ exitCode: 0, stdout: '1.2.3\n', stderr: '' });
  });

  it('without a command goes to stderr, since nothing was done', async () => {
    const { exitCode, stderr, stdout } = await runCli([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Usage: cloudflare-integration');
  });
});
