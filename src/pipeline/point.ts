import { CONVERSIONS } from './conversion.ts';
import { isAbsent, type JsonObject, type JsonValue } from './value.ts';

/** The place at a latitude and a longitude in degrees, both as number or decimal text; undefined where one is missing, no number or beyond the globe. */
export function toPoint(latitude: JsonValue | undefined, longitude: JsonValue | undefined): JsonObject | undefined {
  const lat = toDegrees(latitude, 90);
  const lon = toDegrees(longitude, 180);
  return lat === undefined || lon === undefined ? undefined : { lat, lon };
}

function toDegrees(value: JsonValue | undefined, max: number): number | undefined {
  const number = isAbsent(value) ? undefined : CONVERSIONS.double.convert(value);
  return typeof number === 'number' && Math.abs(number) <= max ? number : undefined;
}
