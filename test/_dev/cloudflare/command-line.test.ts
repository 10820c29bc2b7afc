import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { readCommandLine, renderHelp } from '../../../_dev/cloudflare/command-line.ts';
import { SWITCHES } from '../../../_dev/cloudflare/switches.ts';

describe('readCommandLine', () => {
  it('makes options of arguments', () => {
    const args = [
      '--port',
      '8123',
      '--accounts',
      '2',
      '--lines-per-hour',
      '10',
      '--no-limits',
      '--switch',
      'crlf=true',
      '--switch',
      'authStatus=401',
      '--switch',
      'indexingDelayMs=5',
    ];
    const { faults, options } = readCommandLine([...args, '--fault', '{"answer":"23"}', '--start', '2026-11-20T12:00:00Z', '--speed', '0']);
    expect(options).toMatchObject({
      port: 8123,
      accounts: [{}, {}],
      zones: [{ linesPerHour: 10 }, {}],
      limits: 'off',
      switches: { crlf: true, authStatus: 401, indexingDelayMs: 5 },
    });
    expect(options.clock?.now()).toBe(Date.parse('2026-11-20T12:00:00Z'));
    expect(faults).toEqual([{ answer: '23' }]);
  });

  it.each([
    [['--port', 'x'], '--port must be a number, not "x"'],
    [['--start', 'x'], '--start must be a time'],
    [['--switch', 'nothing=1'], 'there is no switch "nothing"; there are: v1Cap3000, '],
    [['--switch', 'crlf=maybe'], 'switch crlf is one of true|false, not "maybe"'],
    [['--nonsense'], "Unknown option '--nonsense'"],
  ])('refuses %j', (args, message) => expect(() => readCommandLine(args)).toThrow(message));

  it('describes every switch', () => {
    for (const name of Object.keys(SWITCHES)) expect(renderHelp()).toContain(`  ${name}=`);
  });
});

describe('main', () => {
  it('says where it is, answers and stops on SIGTERM', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', '_dev/cloudflare/main.ts'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const lines = new Map<string, string>();
    for await (const line of createInterface({ input: child.stdout })) {
      lines.set(line.slice(0, 11).trim(), line.slice(11));
      if (lines.has('auth key')) break;
    }
    const answer = await fetch(`${lines.get('url')}/user`, { headers: { authorization: `Bearer ${lines.get('api token')}` } });
    expect(answer.status).toBe(200);
    const [[log]] = [await once(child.stderr, 'data')];
    expect(String(log)).toContain(' 200 GET /user (0 records, ');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
