import type { PackageDefinition } from '../definition/definition.ts';
import { COLLECTOR_STREAM } from '../elasticsearch/gap-writer.ts';
import type { Opened } from './open-settings.ts';

/** What has to be installed for collecting with these settings. */
export function toInstalled(opened: Pick<Opened, 'settings' | 'definition'>): {
  readonly package: PackageDefinition;
  readonly pipeline: 'server' | 'edge';
  readonly targets: ReturnType<typeof toTargets>;
  readonly stateIndex: boolean;
} {
  const { definition, settings } = opened;
  const stateIndex = settings.state.store === 'elasticsearch';
  return { package: definition, pipeline: settings.elasticsearch.pipeline, targets: toTargets(opened), stateIndex };
}

/** The data streams that collecting with these settings writes to. */
export function toTargets({ settings }: Pick<Opened, 'settings'>): readonly { readonly stream: string; readonly namespace: string }[] {
  const all = settings.connections.flatMap(({ namespace, streams }) =>
    [...streams.map(({ stream }) => stream), COLLECTOR_STREAM].map((stream) => ({ stream, namespace })),
  );
  return [...new Map(all.map((target) => [`${target.stream}-${target.namespace}`, target])).values()];
}
