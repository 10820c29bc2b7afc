import { nameMembers } from '../cloudflare/name-members.ts';
import { toPartitionKey } from '../collect/partition.ts';
import type { Partition, Read } from '../collect/ports.ts';
import { findSource } from './create-encode-of.ts';
import type { LiveConnections } from './live-connections.ts';
import type { Opened } from './open-settings.ts';

/** Reads partitions through their connections, with the fields of the settings that their zones offer; what is left out is logged once per partition. */
export function createRead(opened: Opened, connections: LiveConnections): Read {
  const warned = new Set<string>();
  const warn = (partition: Partition, dropped: readonly string[]): void => {
    const key = toPartitionKey(partition);
    if (dropped.length === 0 || warned.has(key)) return;
    warned.add(key);
    const { connection, stream, source, scopeId } = partition;
    opened.log('warn', `${connection}: ${stream} of ${scopeId}: ${renderDropped(dropped)}`, {
      'cloudflare.collector': { connection, stream, source, scope_id: scopeId, fields: dropped },
    });
  };
  return async function* read(partition, window, signal, onLost) {
    const { cloud, settings, release } = connections.use(partition.connection);
    try {
      const { stream, scopeId } = partition;
      const source = findSource(opened.definition, partition);
      const { fields = [], resolveMembers } = settings.streams.find((candidate) => candidate.stream === stream) ?? {};
      const { asked, dropped } = await cloud.chooseFields(source, { scopeId, fields }, signal);
      warn(partition, dropped);
      const batches = cloud.readWindow(source, { stream, scopeId, window, fields: asked, ...(onLost && { onLost }) }, signal);
      const members = resolveMembers ? source.members : undefined;
      const naming = { accountId: scopeId, find: cloud.findMembers, warn: (message: string) => opened.log('warn', `${partition.connection}: ${message}`) };
      yield* members === undefined ? batches : nameMembers(batches, { ...naming, members }, signal);
    } finally {
      release();
    }
  };
}

/** Says which of the wanted fields are not asked for. */
export function renderDropped(names: readonly string[]): string {
  return `the zone does not offer ${names.join(', ')}; ${names.length === 1 ? 'this field is' : 'these fields are'} not asked for`;
}
