import type { Outcomes } from '../../src/collect/ports.ts';

type Kind = Exclude<keyof Outcomes, 'read' | 'droppedBy'>;

/** What Elasticsearch may answer for one record among others, and how that record has to end. */
export interface BulkFault {
  readonly name: string;
  /** The first answers for the record's item; afterwards it is created. */
  readonly items?: readonly object[];
  /** The first answers to a whole request that has the record; `reset`: it is taken, but the answer is lost. */
  readonly requests?: readonly ({ readonly status: number; readonly type?: string } | 'reset')[];
  /** Every request that has the record beside others is answered as the first of `requests`, and so is the record alone. */
  readonly always?: boolean;
  /** What the failure store holds before anything is sent. */
  readonly kept?: boolean;
  /** How the record ends; `stop`: the window fails, nothing is put aside. */
  readonly ends: Kind | 'stop';
  /** Status in the dead letter. */
  readonly status?: number;
  /** How often the record is sent. */
  readonly sent: number;
  /** Whether the other records of the request are sent again as well. */
  readonly othersAgain?: boolean;
}

const error = (type: string, reason = 'no'): object => ({ error: { type, reason } });

/** Every way in which a record of a bulk may end. */
export const bulkFaults: readonly BulkFault[] = [
  { name: 'stored', items: [{ status: 201, result: 'created' }], ends: 'created', sent: 1 },
  { name: 'there already', items: [{ status: 409, ...error('version_conflict_engine_exception') }], ends: 'duplicate', sent: 1 },
  { name: 'dropped by the pipeline', items: [{ status: 200, result: 'noop' }], ends: 'dropped', sent: 1 },
  { name: 'kept in the failure store', items: [{ status: 201, result: 'created', failure_store: 'used' }], ends: 'dead', status: 201, sent: 1 },
  { name: 'no failure store there', items: [{ status: 201, result: 'created', failure_store: 'not_applicable_or_unknown' }], ends: 'created', sent: 1 },
  {
    name: 'refused, failure store off',
    items: [{ status: 400, failure_store: 'not_enabled', ...error('document_parsing_exception') }],
    ends: 'dead',
    status: 400,
    sent: 1,
  },
  {
    name: 'refused, failure store failed',
    items: [{ status: 400, failure_store: 'failed', ...error('document_parsing_exception') }],
    ends: 'dead',
    status: 400,
    sent: 1,
  },
  { name: 'mapping conflict', items: [{ status: 400, ...error('document_parsing_exception') }], ends: 'dead', status: 400, sent: 1 },
  { name: 'failing pipeline', items: [{ status: 500, ...error('fail_processor_exception') }], ends: 'dead', status: 500, sent: 1 },
  { name: 'failing script', items: [{ status: 400, ...error('script_exception') }], ends: 'dead', status: 400, sent: 1 },
  { name: 'too many fields', items: [{ status: 400, ...error('illegal_argument_exception') }], ends: 'dead', status: 400, sent: 1 },
  { name: 'item 429', items: [{ status: 429, ...error('es_rejected_execution_exception') }], ends: 'created', sent: 2 },
  { name: 'item 429 three times', items: Array(3).fill({ status: 429, ...error('circuit_breaking_exception') }), ends: 'created', sent: 4 },
  { name: 'disk of the engine full', items: [{ status: 429, ...error('cluster_block_exception') }], ends: 'created', sent: 2 },
  { name: 'item 503', items: [{ status: 503, ...error('unavailable_shards_exception') }], ends: 'created', sent: 2 },
  { name: 'item 500 of the node', items: [{ status: 500, ...error('node_closed_exception') }], ends: 'created', sent: 2 },
  { name: 'item 429, then conflict', items: [{ status: 429 }, { status: 409, ...error('version_conflict_engine_exception') }], ends: 'duplicate', sent: 2 },
  { name: 'item 503, then mapping conflict', items: [{ status: 503 }, { status: 400, ...error('mapping') }], ends: 'dead', status: 400, sent: 2 },
  { name: 'no right to write', items: [{ status: 403, ...error('security_exception') }], ends: 'stop', sent: 1 },
  { name: 'index closed', items: [{ status: 400, ...error('index_closed_exception') }], ends: 'stop', sent: 1 },
  { name: 'write block', items: [{ status: 403, ...error('cluster_block_exception') }], ends: 'stop', sent: 1 },
  {
    name: 'pipeline gone',
    items: [{ status: 400, ...error('illegal_argument_exception', 'pipeline with id [p] does not exist') }],
    ends: 'stop',
    sent: 1,
  },
  { name: 'request 429', requests: [{ status: 429, type: 'es_rejected_execution_exception' }], ends: 'created', sent: 2, othersAgain: true },
  { name: 'request 503', requests: [{ status: 503, type: 'cluster_block_exception' }], ends: 'created', sent: 2, othersAgain: true },
  { name: 'request 502 of a proxy', requests: [{ status: 502 }], ends: 'created', sent: 2, othersAgain: true },
  { name: 'request 504 of a proxy', requests: [{ status: 504 }], ends: 'created', sent: 2, othersAgain: true },
  { name: 'connection reset', requests: ['reset'], ends: 'created', sent: 2, othersAgain: true },
  { name: 'connection reset, kept in the failure store', requests: ['reset'], kept: true, ends: 'dead', status: 201, sent: 1, othersAgain: true },
  { name: 'request 401', requests: [{ status: 401, type: 'security_exception' }], ends: 'stop', sent: 1 },
  { name: 'request 403', requests: [{ status: 403, type: 'security_exception' }], ends: 'stop', sent: 1 },
  { name: 'request 413 because of its size', requests: [{ status: 413 }], ends: 'created', sent: 2, othersAgain: true },
  { name: 'request 413 because of the record', requests: [{ status: 413 }], always: true, ends: 'dead', status: 413, sent: 3, othersAgain: true },
  {
    name: 'line unreadable',
    requests: [{ status: 400, type: 'x_content_parse_exception' }],
    always: true,
    ends: 'dead',
    status: 400,
    sent: 3,
    othersAgain: true,
  },
];
