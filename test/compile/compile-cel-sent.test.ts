import { expect, it } from 'vitest';
import { programOrSkip } from '../skipping.ts';
import { useServer } from './answering-server.ts';
import { audit } from './definition.ts';
import { runSource, toPublished } from './run-mito.ts';

const { path: mito, describeProgram } = programOrSkip('MITO', 'mito, which runs CEL programs,');
const a = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const server = useServer();

describeProgram('the CEL program of a mapping that reads variables', () => {
  it('sends with each event what the mapping reads of the form, where it is given', async () => {
    const listed = { ...audit.fields[0], name: 'cloudflare.audit.zone.critical', origin: { kind: 'listed', of: ['user.name'], in: 'critical_zones' } } as never;
    const variable = { ...audit.variables[0], name: 'critical_zones', type: 'text' } as never;
    const stream = { ...audit, fields: [...audit.fields, listed], variables: [...audit.variables, variable] };
    const result = [{ id: 'id-0', when: '2026-11-01T00:00:00Z' }];
    server.answer((_, response) => void response.setHeader('content-type', 'application/json').end(JSON.stringify({ success: true, result })));
    const toConf = async (state: object) => toPublished(await runSource(mito, stream, { url: server.base(), scopes: [a], ...state })).map(({ _conf }) => _conf);
    expect(await toConf({ critical_zones: ['example.com', '"12e4"'] })).toEqual([{ source: 'v1', account_id: a, critical_zones: ['example.com', '12e4'] }]);
    expect(await toConf({})).toEqual([{ source: 'v1', account_id: a }]);
  });
});
