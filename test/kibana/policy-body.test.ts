import { describe, expect, it } from 'vitest';
import type { FormVariable, PackageForm } from '../../src/kibana/fetch-form.ts';
import type { StoredPolicy } from '../../src/kibana/list-policies.ts';
import { findDifferences, findLeftOut, toPolicyBody, toUpgradedBody } from '../../src/kibana/policy-body.ts';

const variable = (name: string, type = 'text', more: Partial<FormVariable> = {}): FormVariable => ({ name, type, multi: false, secret: false, ...more });

/** A package whose streams come by two inputs; `raw` by the second one only, `audit` by both. */
const FORM: PackageForm = {
  name: 'pack',
  version: '2.0.0',
  variables: [variable('api_token', 'password', { secret: true })],
  inputs: [
    {
      key: 'logs-cel',
      variables: [variable('ssl', 'yaml'), variable('timeout')],
      streams: [
        { dataset: 'pack.audit', enabled: true, variables: [variable('account_id', 'text', { multi: true }), variable('keep', 'bool'), variable('fields')] },
        { dataset: 'pack.access', enabled: true, variables: [variable('interval')] },
      ],
    },
    {
      key: 'logs-httpjson',
      variables: [variable('timeout')],
      streams: [
        { dataset: 'pack.audit', enabled: false, variables: [variable('account_id')] },
        { dataset: 'pack.raw', enabled: false, variables: [variable('interval')] },
      ],
    },
  ],
};

describe('the policy of a connection', () => {
  it('has its values where the form has the variables, and switches everything else off', () => {
    const connection = {
      name: 'main',
      namespace: 'customer',
      api_token: 'secret',
      ssl: { verification_mode: 'none' },
      timeout: '5s',
      rate_budget: 'only for collectors',
      streams: { audit: { account_id: ['a', 'b'], keep: false, fields: ['X', 'Y'], other: 1 } },
    };
    expect(findLeftOut(FORM, connection, toPolicyBody(FORM, connection, []))).toEqual(['rate_budget', 'other']);
    expect(toPolicyBody(FORM, connection, ['agents'])).toEqual({
      name: 'main',
      namespace: 'customer',
      policy_ids: ['agents'],
      package: { name: 'pack', version: '2.0.0' },
      vars: { api_token: 'secret' },
      inputs: {
        'logs-cel': {
          enabled: true,
          vars: { ssl: 'verification_mode: none', timeout: '5s' },
          streams: { 'pack.audit': { enabled: true, vars: { account_id: ['a', 'b'], keep: false, fields: 'X, Y' } }, 'pack.access': { enabled: false } },
        },
        'logs-httpjson': { enabled: false, streams: { 'pack.audit': { enabled: false }, 'pack.raw': { enabled: false } } },
      },
    });
  });

  it('takes a stream by the input that has it switched on by default, or else by the first that has it', () => {
    const { inputs } = toPolicyBody(FORM, { name: 'main', timeout: '5s', streams: { raw: null } }, []);
    expect(inputs['logs-cel']?.enabled).toBe(false);
    expect(inputs['logs-httpjson']).toEqual({
      enabled: true,
      vars: { timeout: '5s' },
      streams: { 'pack.audit': { enabled: false }, 'pack.raw': { enabled: true, vars: {} } },
    });
  });

  it('makes a list of one value where the form takes several', () => {
    const { inputs } = toPolicyBody(FORM, { name: 'main', streams: { audit: { account_id: 'a' } } }, []);
    expect(inputs['logs-cel']?.streams['pack.audit']?.vars).toEqual({ account_id: ['a'] });
  });
});

const STORED: StoredPolicy = {
  id: '1',
  name: 'main',
  namespace: 'default',
  policy_ids: ['agents'],
  package: { name: 'pack', version: '1.0.0' },
  vars: { api_token: { id: 'x', isSecretRef: true }, gone: 'old' },
  inputs: {
    'logs-cel': { enabled: true, vars: { timeout: '5s', gone: 1 }, streams: { 'pack.audit': { enabled: true, vars: { account_id: ['a'], keep: true } } } },
    'logs-gone': { enabled: true, streams: {} },
  },
};

describe('a stored policy', () => {
  it('goes to another version with its values and secrets; what is new stays off, what is gone is left out', () => {
    expect(toUpgradedBody(FORM, STORED)).toEqual({
      name: 'main',
      namespace: 'default',
      policy_ids: ['agents'],
      package: { name: 'pack', version: '2.0.0' },
      vars: { api_token: { id: 'x', isSecretRef: true } },
      inputs: {
        'logs-cel': {
          enabled: true,
          vars: { timeout: '5s' },
          streams: { 'pack.audit': { enabled: true, vars: { account_id: ['a'], keep: true } }, 'pack.access': { enabled: false, vars: {} } },
        },
        'logs-httpjson': { enabled: false, vars: {}, streams: { 'pack.audit': { enabled: false, vars: {} }, 'pack.raw': { enabled: false, vars: {} } } },
      },
    });
  });

  it('is compared value by value, but for secrets', () => {
    const connection = { name: 'main', api_token: 'another', timeout: '5s', streams: { audit: { account_id: ['a'], keep: true } } };
    expect(findDifferences(FORM, toPolicyBody(FORM, connection, ['agents']), STORED)).toEqual([]);
    const other = { ...connection, namespace: 'x', timeout: '9s', streams: { audit: { account_id: ['a', 'b'], keep: true }, access: { interval: '5m' } } };
    expect(findDifferences(FORM, toPolicyBody(FORM, other, []), STORED)).toEqual(['namespace', 'agent policy', 'timeout', 'audit.account_id', 'access']);
    expect(findDifferences(FORM, toPolicyBody(FORM, { ...connection, streams: {} }, ['agents']), STORED)).toEqual(['audit']);
  });
});
