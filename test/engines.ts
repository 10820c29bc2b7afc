import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';
import type { ProvidedElasticsearch } from '../_dev/elasticsearch/provide-elasticsearch.ts';
import type { BrokerAnswer } from '../_dev/test/engine-broker.ts';
import { type Describe, toDescribe } from './skipping.ts';

/** What a test file needs of an engine. */
export interface EngineNeeds {
  /** How its version starts, e.g. `9` or `8.19`. @default any */
  readonly version?: string;
  /** Users and roles on; `credentials` are those of the superuser. @default false */
  readonly security?: boolean;
  /** Pipelines with processors. @default false */
  readonly ingest?: boolean;
}

/** The run's engine; shared by all test files, so use names of your own and clean up. */
export type TestEngine = Omit<ProvidedElasticsearch, 'stop'>;

/** The engine and the `describe` of the tests that need it. */
export interface EngineOrSkip {
  /** For hooks and tests only: where the tests are skipped, there is nothing behind it. */
  readonly engine: TestEngine;
  readonly describeEngine: Describe;
}

const nothing: TestEngine = {
  url: 'http://127.0.0.1:0',
  version: '0.0.0',
  way: 'url',
  why: 'the tests that need an engine are skipped',
  capabilities: { ingest: false, dataStreamApi: false, rootApi: false, lifecycle: false, stackTemplates: false, missingFieldTypes: [] },
};

const enable =
  'Enable: ELASTICSEARCH_HOME=FOLDER (an unpacked distribution), or DEV_ELASTICSEARCH_URL=http://[user:password@]127.0.0.1:9200, or DEV_ELASTICSEARCH=docker';

/** Without the time limits of fetch: the answer may have to wait for a download. */
async function askBroker(url: string): Promise<BrokerAnswer> {
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    get(url, resolve).once('error', reject);
  });
  const body = await text(response);
  if (response.statusCode !== 200) {
    throw new Error(body);
  }
  return JSON.parse(body) as BrokerAnswer;
}

function findReason(engine: TestEngine, needs: EngineNeeds): string | undefined {
  if (needs.ingest && !engine.capabilities.ingest) {
    return `this Elasticsearch has no ingest processors (${engine.why}). ${enable}`;
  }
  if (needs.version !== undefined && engine.version !== needs.version && !engine.version.startsWith(`${needs.version}.`)) {
    return `this Elasticsearch is ${engine.version}, the tests are for ${needs.version}. Enable: ELASTICSEARCH_HOME or DEV_ELASTICSEARCH_VERSION of that version`;
  }
  return undefined;
}

/**
 * The run's engine for a test file, or skipped tests with the reason. Use it at the top of the file:
 * `const { engine, describeEngine } = await engineOrSkip({ ingest: true });`
 *
 * The engine is what `provideElasticsearch` finds (DEV_ELASTICSEARCH_URL, ELASTICSEARCH_HOME, Docker, server core); a run starts at most one without and
 * one with security, each when the first test file asks. Where a variable asks for an engine that cannot be had, the file fails instead of being skipped.
 */
export async function engineOrSkip(needs: EngineNeeds = {}): Promise<EngineOrSkip> {
  const answer = await askBroker(`${inject('engineBroker')}/${needs.security ? 'secured' : 'plain'}`);
  if ('skip' in answer) {
    return { engine: nothing, describeEngine: toDescribe(answer.skip) };
  }
  const reason = findReason(answer.engine, needs);
  return { engine: reason === undefined ? answer.engine : nothing, describeEngine: toDescribe(reason) };
}
