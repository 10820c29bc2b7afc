import { systemTiming } from '../cloudflare/timing.ts';
import type { FindExisting, Partition } from '../collect/ports.ts';
import type { VerifyPartitionPorts } from '../collect/verify-partition.ts';
import { createFindDead } from '../elasticsearch/find-dead.ts';
import { createFindLetters } from '../elasticsearch/find-letters.ts';
import { COLLECTOR_STREAM } from '../elasticsearch/gap-writer.ts';
import { createListStored } from '../elasticsearch/list-stored.ts';
import { toStoredFilter } from '../elasticsearch/to-stored-filter.ts';
import { createEncodeOf, findStream } from './create-encode-of.ts';
import type { Sides } from './open-collector.ts';
import { toLettersPath } from './open-letters.ts';
import type { Opened } from './open-settings.ts';

/** Makes what comparing takes of both sides; records that are missing are sent where `refill` asks for it. */
export function toVerifyPorts(sides: Sides, { definition, settings }: Opened, refill: boolean): Omit<VerifyPartitionPorts, 'report'> {
  // Whether a rule leaves a record out is the same wherever it is mapped.
  const encodeOf = createEncodeOf({ definition, pipeline: 'edge', findConnection: (name) => sides.connections.find(name), lookUps: {} });
  const filterOf = (partition: Partition): readonly object[] | undefined => toStoredFilter(findStream(definition, partition.stream), partition);
  const findLetters = createFindLetters(sides.client, (partition) => sides.dataStreamOf({ ...partition, stream: COLLECTOR_STREAM }));
  const findKept: FindExisting = async (partition, ids) => new Set([...(await sides.findKept(partition, ids)), ...(await findLetters(partition, ids))]);
  return {
    read: sides.read,
    findExisting: sides.findExisting,
    listStored: createListStored({ client: sides.client, dataStreamOf: sides.dataStreamOf, filterOf }),
    findDead: createFindDead({ path: toLettersPath({ settings }), findKept }),
    isDropped: (partition, record) => encodeOf(partition)(record).kind === 'dropped',
    ...(refill ? { openWriter: sides.openWriter } : {}),
    now: systemTiming.now,
    random: systemTiming.random,
    sleep: systemTiming.sleep,
  };
}
