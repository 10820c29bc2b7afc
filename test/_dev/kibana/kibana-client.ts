import { strToU8, zipSync } from 'fflate';
import { afterEach, expect } from 'vitest';
import { DEMO_API_KEY, type KibanaOptions } from '../../../_dev/kibana/options.ts';
import { type SimulatedKibana, startKibana } from '../../../_dev/kibana/start-kibana.ts';

/** What the simulation answered. */
export interface Answered {
  readonly status: number;
  readonly body: {
    readonly message?: string;
    readonly item?: Record<string, unknown>;
    readonly items?: readonly Record<string, unknown>[];
    readonly total?: number;
  };
}

/** A small package with one input and two streams; parts can be replaced. */
export const FILES: Readonly<Record<string, string>> = {
  'tiny-1.0.0/manifest.yml': `name: tiny
version: 1.0.0
title: Tiny
description: Tiny.
type: integration
format_version: 3.4.2
owner: { github: a/b, type: community }
conditions: { kibana: { version: ^8.19.0 || ^9.1.0 } }
policy_templates:
  - name: tiny
    title: Tiny
    description: Tiny.
    inputs:
      - type: cel
        title: Tiny
        vars:
          - { name: url, type: url, title: Address, required: true, default: 'https://example.com' }
          - { name: token, type: password, title: Token, secret: true, required: true }
          - { name: ssl, type: yaml, title: SSL }
`,
  'tiny-1.0.0/data_stream/audit/manifest.yml': `title: Audit
type: logs
streams:
  - input: cel
    title: Audit
    template_path: cel.yml.hbs
    vars:
      - { name: id, type: text, title: IDs, multi: true, required: true }
      - { name: kind, type: select, title: Kind, default: a, options: [{ value: a, text: A }, { value: b, text: B }] }
      - { name: keep, type: bool, title: Keep, default: false }
      - { name: size, type: integer, title: Size }
`,
  'tiny-1.0.0/data_stream/audit/agent/stream/cel.yml.hbs': 'interval: 5m\n',
  'tiny-1.0.0/data_stream/raw/manifest.yml': 'title: Raw\ntype: logs\nstreams:\n  - { input: cel, title: Raw, template_path: cel.yml.hbs }\n',
  'tiny-1.0.0/data_stream/raw/agent/stream/cel.yml.hbs': 'interval: 5m\n',
};

/** The zip of a package; a file that is undefined is left out. */
export function zipOf(more: Readonly<Record<string, string | undefined>> = {}): Uint8Array {
  const files = Object.entries({ ...FILES, ...more }).flatMap(([path, content]) => (content === undefined ? [] : [[path, strToU8(content)] as const]));
  return zipSync(Object.fromEntries(files));
}

/** The manifest with a part replaced. */
export function manifestWith(part: string, by: string): Readonly<Record<string, string>> {
  const text = FILES['tiny-1.0.0/manifest.yml'] ?? '';
  expect(text).toContain(part);
  return { 'tiny-1.0.0/manifest.yml': text.replace(part, by) };
}

/** A policy that the package's form takes. */
export const POLICY = {
  name: 'main',
  namespace: 'default',
  policy_ids: ['agents'],
  package: { name: 'tiny', version: '1.0.0' },
  inputs: { 'tiny-cel': { enabled: true, vars: { token: 'hush' }, streams: { 'tiny.audit': { vars: { id: ['a'] } }, 'tiny.raw': { enabled: false } } } },
};

/** Talks to simulated Kibanas, each of which ends with its test. */
export function useSimulation(): {
  readonly start: (options?: KibanaOptions) => Promise<SimulatedKibana>;
  readonly send: (kibana: SimulatedKibana, method: string, path: string, given?: Sending) => Promise<Answered>;
  readonly upload: (kibana: SimulatedKibana, zip?: Uint8Array) => Promise<Answered>;
} {
  let started: SimulatedKibana[] = [];
  afterEach(async () => {
    for (const kibana of started) await kibana.close();
    for (const kibana of started) expect(kibana.bugs).toEqual([]);
    started = [];
  });
  return {
    start: async (options = {}) => {
      const kibana = await startKibana({ agentPolicies: [{ id: 'agents', name: 'Agents' }], ...options });
      started.push(kibana);
      return kibana;
    },
    send,
    upload: (kibana, zip = zipOf()) => send(kibana, 'POST', '/api/fleet/epm/packages', { raw: zip, headers: { 'content-type': 'application/zip' } }),
  };
}

interface Sending {
  readonly body?: object;
  readonly raw?: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

async function send(kibana: SimulatedKibana, method: string, path: string, { body, headers = {}, raw }: Sending = {}): Promise<Answered> {
  const all = {
    authorization: `ApiKey ${DEMO_API_KEY}`,
    'kbn-xsrf': 'true',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
  const given = Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`${kibana.url}${path}`, { method, headers: given, ...(content === undefined ? {} : { body: Buffer.from(content) }) });
  return { status: response.status, body: (await response.json()) as Answered['body'] };
}
