import { describe, expect, it } from 'vitest';
import { toPackagePolicy } from '../../src/kibana/package-policy.ts';
import { checkNames, toConnectionName, toSecretName } from '../../src/kibana/policy-names.ts';

const named = (...names: readonly string[]) => names.map((name, index) => toPackagePolicy({ id: String(index), name }));
const messagesOf = (names: readonly string[], taken: readonly string[] = []): readonly (string | undefined)[] => {
  const faults = checkNames(named(...names), taken);
  return names.map((_, index) => faults.get(String(index))?.message);
};

describe('names of policies', () => {
  it.each([
    ['cloudflare_api-1', 'cloudflare_api-1', 'CLOUDFLARE_API_TOKEN_CLOUDFLARE_API_1'],
    ['Main (EU)', 'Main-EU', 'CLOUDFLARE_API_TOKEN_MAIN_EU'],
    [' Zürich: Süd ', 'Zurich-Sud', 'CLOUDFLARE_API_TOKEN_ZURICH_SUD'],
    ['_x'.repeat(50), `x${'_x'.repeat(31)}_`, `CLOUDFLARE_API_TOKEN_X${'_X'.repeat(31)}`],
    ['日本', '', 'CLOUDFLARE_API_TOKEN'],
  ])('%j becomes the connection %j, its token %s', (policy, connection, variable) => {
    expect([toConnectionName(policy), toSecretName('api_token', policy)]).toEqual([connection, variable]);
  });

  it('that differ are left alone', () => {
    expect(messagesOf(['main', 'other'], ['third'])).toEqual([undefined, undefined]);
  });

  it('that would share a connection or its secrets are refused, both', () => {
    expect(messagesOf(['a b', 'c', 'a_b'])).toEqual([
      'its name is too much like that of policy "a_b": their secrets could not be told apart',
      undefined,
      'its name is too much like that of policy "a b": their secrets could not be told apart',
    ]);
  });

  it('that a connection of the settings file has, and those without a letter, are refused', () => {
    expect(messagesOf(['main', '日本'], ['main'])).toEqual([
      'the settings file has a connection main too',
      'its name has no letter or digit that the name of a connection may have',
    ]);
  });
});
