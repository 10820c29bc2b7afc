import { readFile } from 'node:fs/promises';
import type { WireEvent } from './draw-events.ts';
import { PipelineFault } from './read-pipelines.ts';

/**
 * Events of a file: `{"events": [...]}` as they stand there (elastic-package's fixtures), else each line as one record in wire form.
 * @throws PipelineFault where the file cannot be read or is empty
 */
export async function readEvents(path: string, conf: Readonly<Record<string, unknown>>): Promise<readonly WireEvent[]> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new PipelineFault(`${path} is neither a file that can be read nor a declared data stream with a source`);
  });
  const events = readFixture(text) ?? toRecords(text).map((message) => ({ message, _conf: conf, tags: ['forwarded'] }));
  if (events.length === 0) throw new PipelineFault(`${path} holds no events`);
  return events;
}

function readFixture(text: string): readonly WireEvent[] | undefined {
  try {
    const { events } = JSON.parse(text) as { readonly events?: unknown };
    return Array.isArray(events) ? (events as WireEvent[]) : undefined;
  } catch {
    return undefined;
  }
}

function toRecords(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}
