import { describe, expect, it } from 'vitest';
import { toItemOutcome } from '../../src/elasticsearch/bulk-item.ts';

describe('toItemOutcome', () => {
  it.each([
    [{ status: 201, result: 'created' }, 'created', ''],
    [{ status: 200, result: 'noop' }, 'dropped', 'dropped by the ingest pipeline'],
    [{ status: 201, result: 'created', failure_store: 'used' }, 'dead', 'kept in the failure store of the data stream'],
    [{ status: 201, result: 'created', failure_store: 'not_applicable_or_unknown' }, 'created', ''],
    [{ status: 400, failure_store: 'failed', error: { type: 'document_parsing_exception', reason: 'r' } }, 'dead', 'document_parsing_exception: r'],
    [{ status: 409, error: { type: 'version_conflict_engine_exception', reason: 'r' } }, 'duplicate', 'r'],
    [{ status: 429, error: { type: 'cluster_block_exception', reason: 'disk full' } }, 'retry', 'cluster_block_exception: disk full'],
    [{ status: 503 }, 'retry', ''],
    [{ status: 500, error: { type: 'fail_processor_exception', reason: 'r' } }, 'dead', 'fail_processor_exception: r'],
    [{ status: 403, error: { type: 'cluster_block_exception', reason: 'read only' } }, 'stop', 'cluster_block_exception: read only'],
    [{ status: 403, error: { type: 'security_exception', reason: 'r' } }, 'stop', 'security_exception: r'],
    [{ status: 404, error: { type: 'index_not_found_exception', reason: 'r' } }, 'stop', 'index_not_found_exception: r'],
    [
      { status: 400, error: { type: 'illegal_argument_exception', reason: 'pipeline with id [p] does not exist' } },
      'stop',
      'illegal_argument_exception: pipeline with id [p] does not exist',
    ],
    [
      { status: 400, error: { type: 'status_exception', reason: 'data stream could not be created because backing index [x] already exists' } },
      'stop',
      'status_exception: data stream could not be created because backing index [x] already exists',
    ],
    [{ status: 400, error: { type: 'illegal_argument_exception', reason: 'immense term' } }, 'dead', 'illegal_argument_exception: immense term'],
    [{ status: 413 }, 'dead', ''],
  ])('%j is %s', (item, kind, reason) => {
    expect(toItemOutcome(item)).toEqual({ kind, status: item.status, reason });
  });
});
