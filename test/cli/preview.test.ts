import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toAuditId, toExpectedId, toLogpullId } from '../e2e/expected-id.ts';
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
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
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
});
