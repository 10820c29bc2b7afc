import { randomBytes } from 'node:crypto';
import type { Elasticsearch } from '../../src/elasticsearch/client.ts';
import type { TestEngine } from '../engines.ts';
import { openClient } from './writing.ts';

/** Opens a client with all privileges on the run's engine. */
export function openEngineClient({ url, credentials }: TestEngine): Promise<Elasticsearch> {
  return openClient(url, credentials === undefined ? { kind: 'none' } : { kind: 'basic', ...credentials });
}

/** A name that no other test uses, in lower case. */
export function toUniqueName(prefix: string): string {
  return `${prefix}${randomBytes(4).toString('hex')}`;
}

/** Sends one request whose refusal fails the test. */
export async function send<Body>(client: Elasticsearch, method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: object): Promise<Body> {
  const answer = await client.request<Body>({ attempt: `${method} ${path}`, method, path, ...(body === undefined ? {} : { body }) });
  return answer.body;
}
