import type { ZoneOptions } from '../options.ts';
import { hashText, mix } from '../random.ts';
import { createSchedule } from '../schedule.ts';
import { drawReceived, drawRecord, type RecordScene, sharesRay } from './draw-record.ts';
import { FIELD_NAMES } from './fields.ts';
import type { LogpullRecord } from './logpull-record.ts';
import { findPlace } from './ray-id.ts';
import { createVisitors } from './visitors.ts';

/** A half-open window of received time, microseconds since the epoch. */
export interface MicrosWindow {
  readonly start: number;
  readonly end: number;
}

/** All Logpull lines of a zone, at any time. */
export interface LogpullZone {
  /** Names of the fields that the zone offers. */
  readonly fieldNames: readonly string[];
  /** The records received in a window, made one by one while they are read. */
  readonly read: (window: MicrosWindow) => Generator<LogpullRecord>;
  /** The records of a ray id, received in a window. */
  readonly findRay: (rayId: string, window: MicrosWindow) => readonly LogpullRecord[];
}

const SECOND_MICROS = 1_000_000;

/**
 * The lines of a zone as a function of time; nothing is kept.
 * @throws {Error} for a field that does not exist
 */
export function createLogpullZone(options: ZoneOptions & { readonly id: string; readonly name: string; readonly seed: number }): LogpullZone {
  const salt = mix(options.seed, hashText(options.id));
  const scene: RecordScene = { zoneName: options.name, salt, visitors: createVisitors(salt) };
  const schedule = createSchedule({ perHour: options.linesPerHour ?? 3600, bucketMs: 1000, dailySwing: options.dailySwing ?? 0, from: options.linesFrom ?? 0 });
  const fieldNames = options.fields ?? FIELD_NAMES;
  const unknown = fieldNames.filter((name) => !FIELD_NAMES.includes(name));
  if (unknown.length > 0) throw new Error(`zone ${options.name}: no such fields: ${unknown.join(', ')}`);
  return {
    fieldNames,
    *read({ start, end }) {
      for (let second = Math.floor(start / SECOND_MICROS); second * SECOND_MICROS < end; second++) {
        const count = schedule.count(second);
        const whole = second * SECOND_MICROS >= start && (second + 1) * SECOND_MICROS <= end;
        for (let index = 0; index < count; index++) {
          const place = { second, index };
          if (whole || isWithin(drawReceived(scene, place), { start, end })) yield drawRecord(scene, place);
        }
      }
    },
    findRay: (rayId, window) => {
      const { second, index } = findPlace(salt, rayId);
      const count = schedule.count(second);
      const places = [
        { second, index },
        { second, index: index + 1 },
      ].filter((place, at) => place.index < count && sharesRay(scene, place) === (at === 1));
      return places.map((place) => drawRecord(scene, place)).filter(({ receivedMicros }) => isWithin(receivedMicros, window));
    },
  };
}

function isWithin(micros: number, { start, end }: MicrosWindow): boolean {
  return micros >= start && micros < end;
}
