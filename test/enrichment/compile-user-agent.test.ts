import { describe, expect, it } from 'vitest';
import { type AgentPattern, type AgentPatterns, compileUserAgent } from '../../src/enrichment/compile-user-agent.ts';

const NEVER = { regex: '(?!)' };
const patternsOf = (given: Partial<AgentPatterns>): AgentPatterns => ({ user_agent_parsers: [NEVER], os_parsers: [NEVER], device_parsers: [NEVER], ...given });
const parse = (text: string, given: Partial<AgentPatterns>) => compileUserAgent(patternsOf(given))(text);

describe('compileUserAgent', () => {
  it('says Other where nothing matches, and leaves out what is unknown', () => {
    expect(parse('anything', {})).toEqual({ original: 'anything', name: 'Other', device: { name: 'Other' } });
    expect(parse('', {})).toEqual({ original: '', name: 'Other', device: { name: 'Other' } });
  });

  const FIVE = '(A)/(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(?:\\.(\\d+))?';
  it.each<[string, AgentPattern, string, object]>([
    ['five groups', { regex: FIVE }, 'A/1.2.3.4', { name: 'A', version: '1.2.3.4' }],
    ['two groups', { regex: FIVE }, 'A/1', { name: 'A', version: '1' }],
    ['a group without a number after it', { regex: '(A)/(x)?(\\d+)' }, 'A/1', { name: 'A' }],
    ['a name in place of the group', { regex: '(a)/(\\d+)', family_replacement: 'B' }, 'a/1', { name: 'B', version: '1' }],
    ['a name around the group', { regex: '(a)/(\\d+)', family_replacement: 'B ($1)' }, 'a/1', { name: 'B (a)', version: '1' }],
    ['a version in place of the group', { regex: '(A)/(\\d+)', v1_replacement: '9', v2_replacement: '8' }, 'A/1', { name: 'A', version: '9.8' }],
    ['a text with what a replacement would take for more', { regex: '(.+)', family_replacement: '<$1>' }, "$1$&$'", { name: "<$1$&$'>" }],
    ['other case', { regex: '(a)', regex_flag: 'i' }, 'A', { name: 'A' }],
    ['other case without the flag', { regex: '(a)' }, 'A', { name: 'Other' }],
  ])('takes %s', (_what, pattern, text, agent) => {
    expect(parse(text, { user_agent_parsers: [pattern] })).toEqual({ original: text, ...agent, device: { name: 'Other' } });
  });

  it('takes the first pattern that gives a name', () => {
    const user_agent_parsers = [
      { regex: 'A' },
      { regex: '(x*)A' },
      { regex: '(A)1', family_replacement: 'first' },
      { regex: '(A)', family_replacement: 'second' },
    ];
    expect(parse('A1', { user_agent_parsers })).toMatchObject({ name: 'first' });
    expect(parse('A2', { user_agent_parsers })).toMatchObject({ name: 'second' });
  });

  it('gives the full name of a system only where it has a version', () => {
    const os_parsers = [{ regex: '(Os)(?: (\\d+)\\.(\\d+))?' }];
    expect(parse('Os 1.2', { os_parsers })).toMatchObject({ os: { name: 'Os', version: '1.2', full: 'Os 1.2' } });
    expect(parse('Os', { os_parsers })).toMatchObject({ os: { name: 'Os' } });
    expect(parse('Os', { os_parsers })).not.toHaveProperty('os.full');
  });

  it('puts a device together from all groups, without spaces around it', () => {
    const device_parsers = [{ regex: '(Phone) (\\d+)(?:,(x))?', device_replacement: 'Maker $2 $1 $3' }];
    expect(parse('Phone 7,x', { device_parsers })).toMatchObject({ device: { name: 'Maker 7 Phone x' } });
    expect(parse('Phone 7', { device_parsers })).toMatchObject({ device: { name: 'Maker 7 Phone' } });
  });
});
