import { COLLECTOR_STREAM } from '../elasticsearch/gap-writer.ts';
import type { Opened } from './open-settings.ts';

/** The data streams that collecting with these settings writes to. */
export function toTargets({ settings }: Pick<Opened, 'settings'>): readonly { readonly stream: string; readonly namespace: string }[] {
  const all = settings.connections.flatMap(({ namespace, streams }) =>
    [...streams.map(({ stream }) => stream), COLLECTOR_STREAM].map((stream) => ({ stream, namespace })),
  );
  return [...new Map(all.map((target) => [`${target.stream}-${target.namespace}`, target])).values()];
}
