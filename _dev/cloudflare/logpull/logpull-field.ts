import { mix, pick } from '../random.ts';
import type { LogpullRecord } from './logpull-record.ts';

/** Renders a moment as JSON text; microseconds since the epoch and the nanoseconds behind them. */
export type RenderTime = (micros: number, nanos: number) => string;

/** A field of the HTTP request log. */
export interface LogpullField {
  /** As /logs/received/fields describes it. */
  readonly description: string;
  /** The value as JSON text. */
  readonly render: (record: LogpullRecord, renderTime: RenderTime) => string;
}

/** Fields by name. */
export type LogpullFields = Readonly<Record<string, LogpullField>>;

/** A field from its description and how it is rendered. */
export function defineField(description: string, render: LogpullField['render']): LogpullField {
  return { description, render };
}

/** JSON text of a text. */
export const quote = (text: string): string => JSON.stringify(text);

/** JSON text of a text that needs no escapes. */
export const wrap = (text: string): string => `"${text}"`;

/** Randomness of a field: the same record and purpose always draw the same unsigned 32-bit number. */
export function draw({ salt }: LogpullRecord, purpose: number): number {
  return mix(salt, purpose);
}

/** A field that holds one of some JSON texts. */
export function defineChoice(description: string, purpose: number, choices: readonly string[]): LogpullField {
  return { description, render: (record) => pick(choices, draw(record, purpose)) };
}

/** A field that holds 0 to below `limit`. */
export function defineCount(description: string, purpose: number, limit: number): LogpullField {
  return { description, render: (record) => String(draw(record, purpose) % limit) };
}
