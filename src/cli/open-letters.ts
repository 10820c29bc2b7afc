import { join } from 'node:path';
import type { OpenWriter } from '../collect/ports.ts';
import type { Clock } from '../elasticsearch/back-off.ts';
import { openBulkWriter } from '../elasticsearch/bulk-writer.ts';
import type { Elasticsearch } from '../elasticsearch/client.ts';
import { toDataStreamName } from '../elasticsearch/data-stream-name.ts';
import { openDeadLetterStream } from '../elasticsearch/dead-letter-stream.ts';
import { type DeadLetters, openDeadLetters } from '../elasticsearch/dead-letters.ts';
import { systemClock } from '../elasticsearch/system-clock.ts';
import type { LookUps } from '../pipeline/look-ups.ts';
import type { ConnectionSettings } from '../settings/settings.ts';
import { createEncodeOf } from './create-encode-of.ts';
import type { Opened } from './open-settings.ts';

/** Makes the writer of events for some dead letters. */
export type OpenWriterWith = (deadLetters: DeadLetters) => OpenWriter;

interface WriterOptions {
  readonly client: Elasticsearch;
  /** What mapping in this process can look up. */
  readonly lookUps: LookUps;
  /** The connection of a name, as it is now. @default as the settings have it */
  readonly findConnection?: (name: string) => ConnectionSettings | undefined;
  /** @default the machine's */
  readonly clock?: Clock;
  /** How long refusals of Elasticsearch without any progress are borne. @default as the writer */
  readonly giveUpAfterMs?: number;
  /** Whether what the failure store holds stays unsent. @default true */
  readonly looksForKept?: boolean;
}

/** How events are written with these settings, but for where dead letters go. */
export function createOpenWriterWith(opened: Opened, options: WriterOptions): OpenWriterWith {
  const { definition, settings } = opened;
  const { pipeline } = settings.elasticsearch;
  const fromSettings = (name: string): ConnectionSettings | undefined => settings.connections.find((connection) => connection.name === name);
  const { lookUps, findConnection = fromSettings, clock = systemClock, ...writing } = options;
  const encodeOf = createEncodeOf({ definition, pipeline, findConnection, lookUps });
  return (deadLetters) =>
    openBulkWriter({
      ...writing,
      dataStreamOf: (partition) => toDataStreamName(definition.name, partition),
      encodeOf,
      pipeline,
      deadLetters,
      clock,
    });
}

/** The file of dead letters. */
export function toLettersPath({ settings }: Pick<Opened, 'settings'>): string {
  return join(settings.state.path, 'dead-letters.ndjson');
}

/** Opens the dead letters where the settings want them. */
export function openLetters(
  opened: Opened,
  { openWriterWith, signal }: { readonly openWriterWith: OpenWriterWith; readonly signal: AbortSignal },
): DeadLetters {
  const { store, maxBytes } = opened.settings.state.deadLetters;
  const now = () => new Date();
  const file = openDeadLetters(toLettersPath(opened), { now, maxBytes });
  return store === 'file' ? file : openDeadLetterStream({ openWriterWith, fallback: file, now, version: opened.definition.version, signal });
}
