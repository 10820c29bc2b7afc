import type { DeadLetterSettings } from './settings.ts';
import type { JsonSchema } from './settings-schema.ts';

/** The settings file's `state.dead_letters`, its kinds already checked. */
export interface DeadLetterFile {
  readonly store?: 'file' | 'elasticsearch';
  readonly max_bytes?: number;
}

const DEFAULT_MAX_BYTES = 100 * 1024 * 1024;

/** JSON Schemas of the keys below `state.dead_letters`. */
export const deadLetterKeys: Readonly<Record<keyof DeadLetterFile, JsonSchema>> = {
  store: {
    enum: ['file', 'elasticsearch'],
    description: 'Where records that cannot be stored are kept: in the folder of the state, or in the collector data stream. By default file.',
  },
  max_bytes: { type: 'integer', minimum: 1024, description: 'How large the file of dead letters may become. By default 104857600 (100 MiB).' },
};

/** What `state.dead_letters` means. */
export function toDeadLetterSettings({ store = 'file', max_bytes: maxBytes = DEFAULT_MAX_BYTES }: DeadLetterFile = {}): DeadLetterSettings {
  return { store, maxBytes };
}
