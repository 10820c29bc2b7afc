import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toAuditId, toExpectedId, toLogpullId } from '../e2e/expected-id.ts';
import { toDatabase } from '../enrichment/to-database.ts';
import { PROJECT, runCli } from './run-cli.ts';

const SCOPE = '0'.repeat(32);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preview-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function readSamples(stream: string, name: string): Promise<readonly string[]> {
  const path = join(PROJECT, 'data_stream', stream, '_dev/test/pipeline', name);
  const { events } = JSON.parse(await readFile(path, 'utf8')) as { readonly events: readonly { readonly message: string }[] };
  return events.map(({ message }) => message);
}

interface Document {
  readonly _id: string;
  readonly event: { readonly original: string; readonly kind: string };
}

async function preview(content: string, stream: string, ...more: readonly string[]): Promise<readonly Document[]> {
  await writeFile(join(folder, 'records'), content);
  const { exitCode, stderr, stdout } = await runCli(['preview', 'records', '--stream', stream, ...more], { cwd: folder });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringMatching(/^\{[^\n]*the edge leaves out source\.geo\.city_name, [^\n]*\}\n$/) });
  return stdout === '' ? [] : toDocuments(stdout);
}

function toDocuments(stdout: string): readonly Document[] {
  expect(stdout.endsWith('\n')).toBe(true);
  return stdout
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Document);
}

describe('preview', () => {
  it('prints the documents of a page, a list, lines, and one record alike', async () => {
    const records = await readSamples('audit', 'test-audit-changes.json');
    expect(records.length).toBeGreaterThan(1);
    const documents = await preview(records.join('\n'), 'audit');
    expect(documents.map(({ _id }) => _id)).toEqual(records.map((record) => toAuditId(SCOPE, JSON.parse(record))));
    expect(documents.map(({ event }) => event.original)).toEqual(records);
    const page = `{ "success": true, "errors": [],\n "result": [ ${records.join(' ,\n')} ], "result_info": { "page": 1 } }`;
    expect(await preview(page, 'audit')).toEqual(documents);
    expect(await preview(`[${records.join(',')}]`, 'audit')).toEqual(documents);
    expect(await preview(`${records.join('\r\n')}\r\n`, 'audit')).toEqual(documents);
    for (const [index, record] of records.entries()) expect(await preview(record, 'audit')).toEqual([documents[index]]);
    expect(await preview(JSON.stringify(JSON.parse(records[0] ?? ''), undefined, 2), 'audit')).toMatchObject([{ _id: documents[0]?._id }]);
  });

  it('reads standard input', async () => {
    const records = await readSamples('audit', 'test-audit-access.json');
    const readStdin = async () => Buffer.from(records.join('\n'));
    const { exitCode, stdout } = await runCli(['preview', '-', '--stream', 'audit'], { readStdin });
    expect(exitCode).toBe(0);
    expect(toDocuments(stdout)).toEqual(await preview(records.join('\n'), 'audit'));
  });

  it('keeps every digit of a Logpull line, and takes the zone from the command line', async () => {
    const lines = await readSamples('logpull', 'test-logpull-standard.json');
    const zone = 'b'.repeat(32);
    const documents = await preview(lines.join('\n'), 'logpull', '--scope-id', zone);
    expect(documents.map(({ _id }) => _id)).toEqual(lines.map((line) => toLogpullId(zone, line)));
    expect(documents.map(({ event }) => event.original)).toEqual(lines);
    expect(documents[0]).toMatchObject({ event: { kind: 'event' }, source: { ip: expect.any(String) }, http: { request: { method: expect.any(String) } } });
  });

  it('shows what becomes of a line that is no JSON', async () => {
    const [document] = await preview('502 Bad Gateway\n', 'logpull');
    expect(document).toMatchObject({
      _id: toExpectedId(['received', SCOPE, '502 Bad Gateway'], undefined),
      event: { kind: 'pipeline_error', original: '502 Bad Gateway' },
    });
  });

  it('prints nothing for no records', async () => {
    for (const content of ['', '\n\n', '[]', '{"success":true,"result":[]}']) expect(await preview(content, 'audit')).toEqual([]);
  });

  it('tells of a user agent what it says of itself', async () => {
    const [document] = await preview('{"ClientRequestUserAgent":"curl/8.4.0"}', 'logpull');
    expect(document).toMatchObject({ user_agent: { original: 'curl/8.4.0', name: 'curl', version: '8.4.0', device: { name: 'Other' } } });
  });
});

describe('preview with databases', () => {
  const record = '{"id":"1","actor":{"ip":"192.0.2.1"}}';
  const networks = { '192.0.2.0/24': { country: { iso_code: 'AQ' }, autonomous_system_number: 64_496 } };
  beforeEach(async () => {
    await writeFile(join(folder, 'records'), record);
    await writeFile(join(folder, 'city.mmdb'), toDatabase({ type: 'GeoLite2-City', networks }));
    await writeFile(join(folder, 'asn.mmdb'), toDatabase({ type: 'GeoLite2-ASN', networks }));
  });
  const run = async (geoip: object, ...more: readonly string[]) => {
    const elasticsearch = { url: 'http://127.0.0.1:9', api_key: '${NOT_SET}', geoip };
    await writeFile(join(folder, 'cloudflare-integration.yml'), JSON.stringify({ elasticsearch }));
    return runCli(['preview', 'records', '--stream', 'audit', ...more], { cwd: folder });
  };

  it('looks places and networks up, and has nothing to say', async () => {
    const { exitCode, stderr, stdout } = await run({ city: 'city.mmdb', asn: './asn.mmdb' });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(toDocuments(stdout)).toMatchObject([{ source: { ip: '192.0.2.1', geo: { country_iso_code: 'AQ' }, as: { number: 64_496 } } }]);
  });

  it('names what is left out where one is missing', async () => {
    const { exitCode, stderr, stdout } = await run({ city: 'city.mmdb' });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('leaves out source.as.number, source.as.organization.name: name a MaxMind database in elasticsearch.geoip.asn to have them');
    expect(toDocuments(stdout)[0]).not.toHaveProperty('source.as');
  });

  it('stops where a database or the named settings file is not there', async () => {
    const ended = await run({ city: 'missing.mmdb' });
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toMatch(
      /\(1 fault\)\n {2}cloudflare-integration\.yml elasticsearch\.geoip\.city: the database \S+missing\.mmdb does not exist\n {4}Correct the path/,
    );
    const other = await run({}, '--config', 'other.yml');
    expect(other).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('other.yml: the settings file does not exist') });
  });
});
