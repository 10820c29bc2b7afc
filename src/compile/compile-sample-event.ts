import type { PackageDefinition, StreamDefinition } from '../definition/definition.ts';
import { compileRunner } from '../pipeline/local/compile-runner.ts';
import type { FixtureEvent } from './read-fixture.ts';
import { renderJson } from './render-json.ts';

function toObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/** Text of a data stream's `sample_event.json`: what the mapping makes of an event, and what an indexed event has beside it. */
export function compileSampleEvent(stream: StreamDefinition, { name }: PackageDefinition, event: FixtureEvent): string {
  const { document } = compileRunner(stream)(event, new Date(0));
  const dataset = `${name}.${stream.name}`;
  const sample = {
    ...document,
    data_stream: { type: 'logs', dataset, namespace: 'default' },
    event: { ...toObject(document.event), dataset, module: name },
  };
  return `${renderJson(sample)}\n`;
}
