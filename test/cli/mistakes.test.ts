import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

describe('a mistake on the command line ends with 2, one message and what was meant', () => {
  it.each<[mistake: string, ...parts: RegExp[]]>([
    ['colect', /unknown command 'colect'/, /Did you mean collect\?/],
    ['instal --config x.yml', /unknown command 'instal'/, /Did you mean .*install/],
    ['collect --onec', /unknown option '--onec'/, /Did you mean --once\?/],
    ['collect --jsn', /unknown option '--jsn'/, /Did you mean --json\?/],
    ['check --confg x.yml', /unknown option '--confg'/, /Did you mean --config\?/],
    ['collect --config', /--config <file>.*argument missing/],
    ['preview', /missing required argument 'file'/],
    ['preview records.json', /data stream/, /--stream NAME, one of: access, audit, logpull, user_audit\./],
    ['preview records.json --stream audits', /audits is not a data stream/, /Did you mean audit\?/],
    ['preview records.json --stream audit --source v9', /v9 is not a source of audit/, /Use one of: v1/],
    ['preview no-such-file.json --stream audit', /no-such-file\.json cannot be read \(ENOENT\)/, /Correct the path/],
    ['collect now', /too many arguments|unknown/],
  ])('%s', async (mistake, ...parts) => {
    const { exitCode, stderr, stdout } = await runCli(mistake.split(' '));
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 2, stdout: '' });
    for (const part of parts) expect(stderr).toMatch(part);
    expect(stderr).not.toMatch(/^\s+at |This is a bug/m);
  });

  it('a name that resembles nothing is answered with where to look', async () => {
    const { exitCode, stderr } = await runCli(['frobnicate']);
    expect(exitCode).toBe(2);
    expect(stderr).not.toContain('Did you mean');
    expect(stderr).toContain('Add --help to see what can be given.');
  });
});
