import { describe, expect, it } from 'vitest';
import { isKnownVersion, parsePipelineName, toPipelineName } from '../../src/package/pipeline-name.ts';

describe('pipeline names', () => {
  it('are read back', () => {
    expect(parsePipelineName('p', toPipelineName('p', 'audit_v2', '1.10.0'))).toEqual({ stream: 'audit_v2', version: '1.10.0' });
    expect(parsePipelineName('p', 'logs-p.s-1.0.0-beta.1')).toEqual({ stream: 's', version: '1.0.0-beta.1' });
  });

  it.each(['logs-p.s@custom', 'logs-p.s', 'logs-q.s-1.0.0', 'logs-pp.s-1.0.0', 'logs-p.s-1.0', 'x-logs-p.s-1.0.0'])('%s is none of the package p', (other) => {
    expect(parsePipelineName('p', other)).toBeUndefined();
  });

  it.each([
    ['0.1.0', '0.1.0', true],
    ['0.1.9', '0.1.10', true],
    ['0.10.0', '0.9.0', false],
    ['0.1.1', '0.1.0', false],
    ['0.9.0', '1.0.0', false],
    ['2.0.0', '1.9.9', false],
  ])('%s is known to %s: %s', (version, own, known) => {
    expect(isKnownVersion(version, own)).toBe(known);
  });
});
