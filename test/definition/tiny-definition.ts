import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PackageDefinition } from '../../src/definition/definition.ts';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { DefinitionError, type Fault } from '../../src/errors.ts';

/** Names of the tiny package's files. */
export const manifest = 'manifest.yml';
export const changelog = 'changelog.yml';
export const stream = 'data_stream/sample/stream.yml';
export const fields = 'data_stream/sample/fields.yml';
export const rules = 'data_stream/sample/rules.yml';

/** The smallest package that has something of everything. */
const tiny: Readonly<Record<string, string>> = {
  [manifest]: `
name: tiny_api
title: Tiny API
version: 0.2.0
description: Collect tiny events.
format_version: 3.4.2
categories: [security]
kibana_version: ^8.19.0 || ^9.1.0
owner: { github: tiny/maintainers, type: community }
repository: https://example.com/tiny/tiny
policy_template: { name: tiny, title: Tiny, description: Collect tiny events. }
variables:
  - { name: api_url, type: url, title: Address, description: Base address., default: https://api.example.com, required: true }
  - { name: api_token, type: secret, title: Token, description: API token. }
stream_variables:
  - { name: tags, type: text, title: Tags, description: Tags of every event., multi: true, default: [forwarded] }
`,
  [changelog]: `
- version: 0.2.0
  changes: [{ description: Collect more., type: enhancement, pull: 2 }]
- version: 0.1.0
  changes: [{ description: Collect., type: enhancement, issue: 1 }]
`,
  [stream]: `
title: Samples
description: Sample events.
sources:
  - name: v1
    scope: zone
    permission: Logs Read
    request: GET /zones/{zone_id}/samples
    query: { fields: '\${fields}' }
    window: { since: start, before: end, inclusive: since, max: 1h, retention: 7d, lag: 5m, overlap: 0s }
    page: { number: page, size: { per_page: 100 }, stop: short }
    records: result
    id: [RayID]
    time: When
variables:
  - { name: zone_id, type: id, title: Zones, description: Zones to collect from., multi: true, required: true }
  - { name: fields, type: fields, title: Fields, description: Fields to ask for., default: standard }
  - { name: interval, type: duration, title: Interval, description: Time between polls., default: 5m }
  - { name: initial_interval, type: duration, title: Initial interval, description: How far back., default: 24h }
  - { name: mode, type: select, title: Mode, description: How., options: [fast, slow], default: fast }
presets:
  standard: [RayID, When, ClientIP]
`,
  [fields]: `
- { name: '@timestamp', from: When }
- { name: ecs.version, value: ecs }
- { name: event.kind, value: event }
- { name: event.category, by: rules }
- { name: event.type, by: rules }
- { name: event.outcome, from: ok, values: { 'true': success } }
- { name: event.duration, between: [When, End] }
- { name: source.ip, from: ClientIP }
- { name: source.geo, geo: source.ip }
- { name: user_agent.original, from: Agent }
- { name: user_agent, user_agent: user_agent.original }
- { name: cloudflare.sample.score, type: long, description: Score., from: [Score, Bot.Score], absent: [0] }
- { name: cloudflare.sample.note, type: keyword, description: Note., from: Note, when: { cloudflare.sample.score: { at_least: 1 } } }
- { name: related.ip, collect: [source.ip] }
`,
  [rules]: `
- name: request
  when: { event.kind: event }
  set: { event.category: [web], event.type: [access] }
- name: low
  when: { cloudflare.sample.score: { below: 30 }, not: { cloudflare.sample.note: { matches: '^ok' } } }
  set: { event.category: [web, network], event.type: [denied], event.outcome: failure }
`,
};

/** `[file, what stands there, what shall stand there]`; a whole file is replaced where the second is empty, and is missing where both are. */
export type Edit = readonly [file: string, from: string, to: string];

function withEdits(edits: readonly Edit[]): Readonly<Record<string, string>> {
  const files: Record<string, string> = { ...tiny };
  for (const [file, from, to] of edits) {
    const text = files[file] ?? '';
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    files[file] = from === '' ? to : text.replace(from, () => to);
  }
  return files;
}

/** Reads the tiny package after the edits. */
export async function readTiny(...edits: readonly Edit[]): Promise<PackageDefinition> {
  const folder = await mkdtemp(join(tmpdir(), 'tiny-'));
  try {
    for (const [file, text] of Object.entries(withEdits(edits))) {
      if (text === '') continue;
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    return await readDefinition(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The faults of the tiny package after the edits; fails where there are none. */
export async function listFaults(...edits: readonly Edit[]): Promise<readonly Fault[]> {
  const error: unknown = await readTiny(...edits).then(
    () => new Error('the definition has no fault'),
    (reason: unknown) => reason,
  );
  if (error instanceof DefinitionError) return error.faults;
  throw error;
}

/** The faults as `path: message / hint`, for tables of expectations; all must be of the one file. */
export async function renderFaults(file: string, ...edits: readonly Edit[]): Promise<readonly string[]> {
  const faults = await listFaults(...edits);
  const foreign = faults.find((fault) => fault.file !== file);
  if (foreign !== undefined) throw new Error(`a fault of ${foreign.file}: ${foreign.path} ${foreign.message}`);
  return faults.map(({ path, message, hint }) => `${path}: ${message} / ${hint}`);
}
