import type { StreamDefinition } from '../../src/definition/definition.ts';
import { compareDocuments } from '../../src/pipeline/compare-documents.ts';
import type { RunResult } from '../../src/pipeline/local/compile-runner.ts';
import { lookedUpFields } from '../../src/pipeline/looked-up-fields.ts';
import { childOf, isObject, type JsonObject, type JsonValue } from '../../src/pipeline/value.ts';
import type { Stored } from './server-runner.ts';

const MAX_AGE_MS = 600_000;
const lookedUp = new WeakMap<StreamDefinition, readonly (readonly string[])[]>();

/** Paths of the fields that are looked up; worked out once for a stream, for the sake of thousands of documents. */
function lookedUpOf(stream: StreamDefinition): readonly (readonly string[])[] {
  const paths = lookedUp.get(stream) ?? lookedUpFields(stream).map((field) => field.split('.'));
  lookedUp.set(stream, paths);
  return paths;
}

/**
 * What a stored document has otherwise than the in-process one; an empty list where the two backends agree, also that the event is left out. Allowed to differ: what only
 * Elasticsearch looks up, the time of ingestion (`now` at the edge), and how a parser words its refusal.
 */
export function differencesOf(stream: StreamDefinition, stored: Stored | undefined, local: RunResult, now: Date): readonly string[] {
  if (stored?.dropped === true || local.dropped !== undefined) {
    return stored?.dropped === true && local.dropped !== undefined ? [] : [`dropped ${stored?.dropped === true} ${local.dropped !== undefined}`];
  }
  if (stored?.document === undefined) return [`refused: ${JSON.stringify(stored?.refusal)}`];
  const server = structuredClone(stored.document);
  const edge = structuredClone(local.document);
  for (const path of lookedUpOf(stream)) removePath(server, path);
  if (edge['@timestamp'] === now.toISOString() && Date.now() - Date.parse(String(server['@timestamp'])) < MAX_AGE_MS) delete server['@timestamp'];
  if (server['@timestamp'] === undefined) delete edge['@timestamp'];
  if (Array.isArray(server.tags)) server.tags = server.tags.filter((tag) => !String(tag).startsWith('_geoip_'));
  for (const document of [server, edge]) shortenRefusal(document);
  return [...compareDocuments(server, edge), ...(stored.id === local.id ? [] : [`_id ${stored.id} ${local.id}`])];
}

function shortenRefusal({ error }: JsonObject): void {
  const messages = childOf(error, 'message');
  if (!isObject(error) || !Array.isArray(messages)) return;
  error.message = messages.map((message) => String(message).replace(/^(Processor json with tag parse_record in pipeline ).*$/s, '$1'));
}

function removePath(parent: JsonValue | undefined, [key = '', ...below]: readonly string[]): void {
  if (!isObject(parent)) return;
  if (below.length === 0) delete parent[key];
  else {
    removePath(parent[key], below);
    const child = parent[key];
    if (isObject(child) && Object.keys(child).length === 0) delete parent[key];
  }
}
