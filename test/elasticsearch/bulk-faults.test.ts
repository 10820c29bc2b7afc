import { describe, expect, it } from 'vitest';
import { ElasticsearchError } from '../../src/errors.ts';
import { type BulkFault, bulkFaults } from './bulk-faults.ts';
import { prepareScenes, refused } from './scene.ts';
import { type Received, type StandInAnswer, toBulkBody } from './stand-in.ts';
import { toRecord } from './writing.ts';

const play = prepareScenes();

/** The record at fault among three that are well. */
const IDS = ['one', 'two', 'faulty', 'three'];

function createAnswer({ items = [], requests = [], always = false, kept = false }: BulkFault): (request: Received) => StandInAnswer {
  let itemsAnswered = 0;
  let requestsAnswered = 0;
  const stored = new Set<string>();
  const toItem = (id: string): object => {
    if (id === 'faulty' && itemsAnswered < items.length) return items[itemsAnswered++] as object;
    const status = stored.has(id) ? 409 : 201;
    stored.add(id);
    return { status };
  };
  return ({ ids, url }) => {
    if (url.includes('_search')) {
      return { status: 200, body: { hits: { hits: kept && requestsAnswered > 0 ? [{ _source: { document: { id: 'faulty' } } }] : [] } } };
    }
    const whole = ids.includes('faulty') ? requests[always ? 0 : requestsAnswered++] : undefined;
    if (whole === 'reset') return 'reset';
    return whole === undefined ? { status: 200, body: toBulkBody(ids, toItem) } : refused(whole.status, whole.type);
  };
}

describe('every fault of a bulk has its end', () => {
  it.each(bulkFaults)('$name: $ends', async (fault) => {
    const { writer, standIn, readDead } = await play(createAnswer(fault));
    await writer.add(IDS.map((id) => toRecord(id)));
    const ended = await writer.settle().catch((error: unknown) => error);
    const dead = await readDead();
    const sent = (id: string): number => standIn.bulks().filter(({ ids }) => ids.includes(id)).length;
    expect(sent('faulty')).toBe(fault.sent);
    expect(sent('one') > 1).toBe(fault.othersAgain === true);
    if (fault.ends === 'stop') {
      expect(ended).toBeInstanceOf(ElasticsearchError);
      expect(ended).toMatchObject({ retryable: false });
      expect(dead).toEqual([]);
      return;
    }
    const counts = { read: 4, created: 3, duplicate: 0, dead: 0, dropped: 0 };
    const byRule = fault.ends === 'dropped' ? { droppedBy: { 'ingest pipeline': 1 } } : {};
    expect(ended).toEqual({ ...counts, [fault.ends]: counts[fault.ends] + 1, ...byRule });
    expect(dead.map(({ id, status }) => ({ id, status }))).toEqual(fault.ends === 'dead' ? [{ id: 'faulty', status: fault.status }] : []);
  });
});
