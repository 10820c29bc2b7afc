import { describe, expect, it } from 'vitest';
import { checkNamespaces } from '../../src/collect/check-namespaces.ts';
import { StateError } from '../../src/errors.ts';

const toEntry = (key: string) => ({ key, checkpoint: { until: 1, remembered: [] } });
const connection = { name: 'main', namespace: 'new', streams: [{ stream: 'audit' }] };

function check(...keys: readonly string[]): unknown {
  try {
    return checkNamespaces(keys.map(toEntry), [connection]);
  } catch (error) {
    return error;
  }
}

describe('checkNamespaces', () => {
  it('stops where the checkpoints of a connection are about another namespace, and says the choices', () => {
    const error = check('main/old/audit/v1/a', 'main/old/audit/v1/b');
    expect(error).toBeInstanceOf(StateError);
    expect(error).toMatchObject({
      message: 'the state of the connection main is about the namespace old, and the settings say new (main/old/audit/v1/a and 1 more)',
      hint: expect.stringMatching(/Set its namespace back to old.*`state reset KEY`/),
    });
  });

  it.each([
    ['no state', []],
    ['its own namespace', ['main/new/audit/v1/a']],
    ['both, where the new one has begun already', ['main/old/audit/v1/a', 'main/new/audit/v1/a']],
    ['another connection', ['other/old/audit/v1/a']],
    ['a stream that it does not collect', ['main/old/logpull/received/z']],
  ])('goes on with %s', (_what, keys) => {
    expect(check(...keys)).toBeUndefined();
  });
});
