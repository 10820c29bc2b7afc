import { expect, it } from 'vitest';
import type { StreamDefinition } from '../../src/definition/definition.ts';
import { programOrSkip } from '../skipping.ts';
import { useServer } from './answering-server.ts';
import { audit } from './definition.ts';
import { runSource, toPublished } from './run-mito.ts';

const { path: mito, describeProgram } = programOrSkip('MITO', 'mito, which runs CEL programs,');
const a = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const server = useServer();

/** What goes with the one event that is read. */
async function readConf(stream: StreamDefinition, state: object): Promise<readonly unknown[]> {
  const result = [{ id: 'id-0', when: '2026-11-01T00:00:00Z' }];
  server.answer((_, response) => void response.setHeader('content-type', 'application/json').end(JSON.stringify({ success: true, result })));
  return toPublished(await runSource(mito, stream, { url: server.base(), scopes: [a], ...state })).map(({ _conf }) => _conf);
}

describeProgram('the CEL program of a mapping that reads variables', () => {
  it('sends with each event what the mapping reads of the form, where it is given', async () => {
    const listed = { ...audit.fields[0], name: 'cloudflare.audit.zone.critical', origin: { kind: 'listed', of: ['user.name'], in: 'critical_zones' } } as never;
    const variable = { ...audit.variables[0], name: 'critical_zones', type: 'text' } as never;
    const stream = { ...audit, fields: [...audit.fields, listed], variables: [...audit.variables, variable] };
    const conf = { source: 'v1', account_id: a, critical_zones: ['example.com', '12e4'] };
    expect(await readConf(stream, { critical_zones: ['example.com', '"12e4"'] })).toEqual([conf]);
    expect(await readConf(stream, {})).toEqual([{ source: 'v1', account_id: a }]);
  });

  it('sends with each event whether the rules that leave events out are on', async () => {
    const drop = { name: 'notes', description: '', variable: 'drop_notes', byDefault: true, when: { kind: 'exists', field: 'user.name' } } as const;
    const variable = { ...audit.variables[0], name: 'drop_notes', type: 'bool', multi: false } as never;
    const stream = { ...audit, drops: [drop], variables: [...audit.variables, variable] };
    // An integration policy from before the variable has none.
    for (const drop_notes of [true, false, null]) expect(await readConf(stream, { drop_notes })).toEqual([{ source: 'v1', account_id: a, drop_notes }]);
  });
});
