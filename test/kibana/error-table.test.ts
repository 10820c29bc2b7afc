import { describe, expect, it } from 'vitest';
import { errorTable, findErrorRow, type KibanaErrorFacts } from '../../src/kibana/error-table.ts';

/** An answer for each row, in Kibana's words where they count. */
const ANSWERS: Readonly<Record<string, KibanaErrorFacts>> = {
  certificate: { fault: 'certificate', text: 'self-signed certificate' },
  network: { fault: 'network', text: 'connect ECONNREFUSED' },
  timeout: { fault: 'timeout', text: 'Headers Timeout Error' },
  'no-json': { status: 200, fault: 'no-json', text: '' },
  'no-kibana': { status: 200, fault: 'no-kibana', text: '' },
  redacted: { status: 200, fault: 'redacted', text: '' },
  moved: { status: 302, text: '' },
  credential: { status: 401, text: '[security_exception]: unable to authenticate' },
  proxy: { fault: 'proxy', text: 'Proxy response (407) !== 200 when HTTP Tunneling' },
  space: { status: 404, text: 'Saved object [space/ops] not found' },
  right: { status: 403, text: 'API [POST /api/fleet/epm/packages] is unauthorized for user' },
  'name-in-registry': { status: 400, text: 'Cannot upload a package whose name already exists in the package registry or as a bundled package: x' },
  'registry-unreachable': { status: 400, text: 'Could not verify that uploaded package name "x" is not a registry or bundled package.' },
  'live-data-streams': { status: 400, text: 'A matching live data stream "logs-x-default" already exists for dataset "x"' },
  'dataset-owned': { status: 400, text: 'Uploaded package declares dataset "x" that is already owned by installed package "y".' },
  'forbidden-asset': { status: 400, text: 'Uploaded package contains a forbidden asset: x/elasticsearch/ingest_pipeline/a.yml' },
  licence: { status: 400, text: 'Reusable integration policies are only available with an Enterprise license' },
  'no-agent-policy': { status: 404, text: 'Agent policy not found' },
  'too-many-values': { status: 400, text: '[request body.inputs.x-cel.streams.x.y.vars.zone_id]: array size is [101], but cannot be greater than [100]' },
  'too-old': { status: 400, text: 'Package x requires Kibana version ^9.1.0' },
  'in-use': { status: 400, text: 'Unable to remove package x:1.0.0 with existing package policy(s) in use by agent(s)' },
  'unknown-input': { status: 400, text: 'Input not found: x-cel' },
  values: { status: 400, text: 'Package policy is invalid: inputs.cel.vars.api_url: Invalid URL format' },
  'saved-objects': { status: 400, text: 'Encountered 1 errors creating saved objects: []' },
  archive: { status: 400, text: 'Error during extraction of package: invalid zip data. Check the archive type.' },
  concurrent: { status: 409, text: 'Concurrent installation or upgrade of x-1.0.0 detected, aborting.' },
  'name-taken': { status: 409, text: 'An integration policy with the name main already exists.' },
  conflict: { status: 409, text: 'Saved object was changed' },
  'media-type': { status: 415, text: 'Unsupported Media Type' },
  'too-large': { status: 413, text: '' },
  'not-found': { status: 404, text: 'Not Found' },
  busy: { status: 429, text: 'Too many requests. Please wait 10s before uploading again.' },
  'registry-down': { status: 502, text: 'error connecting to package registry' },
  starting: { status: 503, text: 'Kibana server is not ready yet' },
  server: { status: 500, text: 'An internal server error occurred.' },
  unknown: { status: 418, text: '' },
};

describe('the error table of Kibana', () => {
  it('has an answer here for each row, and each row a hint', () => {
    expect(Object.keys(ANSWERS).toSorted()).toEqual(errorTable.map(({ name }) => name).toSorted());
    for (const { hint } of errorTable) expect(hint.length).toBeGreaterThan(10);
  });

  it.each(Object.entries(ANSWERS))('%s', (name, facts) => {
    expect(findErrorRow(facts).name).toBe(name);
  });

  it('calls what somebody has to mend not retryable', () => {
    const retryable = errorTable.filter((row) => row.retryable === true).map(({ name }) => name);
    expect(retryable).toEqual(['network', 'timeout', 'concurrent', 'conflict', 'busy', 'registry-down', 'starting', 'server']);
  });
});
