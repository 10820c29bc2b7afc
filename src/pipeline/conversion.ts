import type { Conversion } from '../definition/definition.ts';
import { extensionOf } from './extension-of.ts';
import { foldObject, toJsonText } from './fold-object.ts';
import { hostOf, portOf } from './host-of.ts';
import { isIpAddress } from './is-ip.ts';
import { httpDateToIso, toEpochMs, toInstant } from './parse-time.ts';
import { isAbsent, type JsonValue, LONG_MAX, LONG_MIN, toInteger, toText } from './value.ts';

/** That a value cannot become what was asked for; the field is left out and the event marked. */
export const MISFIT: unique symbol = Symbol('misfit');

/** The result of a conversion: a value, undefined for no value, or a misfit and the value that did not fit. */
export type Converted = JsonValue | undefined | typeof MISFIT;

/** What each conversion gives. Values that are absent give no field in all of them; the cases are in test/pipeline/cases. */
export const CONVERSIONS: Readonly<Record<Conversion, { readonly meaning: string; readonly convert: (value: JsonValue) => Converted }>> = {
  keyword: { meaning: 'The text of a string, number or boolean; numbers as plain decimals.', convert: (value) => toText(value) ?? MISFIT },
  keywords: {
    meaning: 'As keyword, for each element of a list; a single value makes a list of one.',
    convert: (value) => eachOf(value, (item) => toText(item) ?? MISFIT),
  },
  lowercase: { meaning: 'As keyword, in lower case of Unicode without a language.', convert: (value) => toText(value)?.toLowerCase() ?? MISFIT },
  uppercase: { meaning: 'As keyword, in upper case of Unicode without a language.', convert: (value) => toText(value)?.toUpperCase() ?? MISFIT },
  last: { meaning: 'As keyword, of the last element of a list that is not absent; a single value is its own last.', convert: toLast },
  host: { meaning: 'The host of HOST or HOST:PORT in lower case; an IPv6 address keeps its brackets.', convert: toHost },
  extension: {
    meaning: 'The extension of the file that a path ends in, of 1 to 16 ASCII letters and digits; anything else gives no field and no error.',
    convert: (value) => (typeof value === 'string' ? extensionOf(value) : undefined),
  },
  long: { meaning: 'An integer of 64 bits, also from its decimal digits as text and from a double without a fraction up to 2^53.', convert: toLong },
  longs: { meaning: 'As long, for each element of a list; a single value makes a list of one.', convert: (value) => eachOf(value, toLong) },
  port: {
    meaning: 'The port of HOST:PORT, from 1 to 65535; anything else gives no field and no error.',
    convert: (value) => (typeof value === 'string' ? portOf(value) : undefined),
  },
  double: { meaning: 'A finite number, also from decimal text.', convert: toDouble },
  boolean: { meaning: 'true or false, also as text.', convert: toBoolean },
  date: { meaning: 'A time as ISO 8601 in UTC with milliseconds, from RFC 3339 or from an integer by its magnitude.', convert: toDate },
  http_date: {
    meaning: 'As date, from the fixed form of HTTP headers, Sun, 06 Nov 1994 08:49:37 GMT (or UTC); anything else gives no field and no error.',
    convert: (value) => {
      const converted = toDate(typeof value === 'string' ? (httpDateToIso(value) ?? null) : null);
      return converted === MISFIT ? undefined : converted;
    },
  },
  ip: {
    meaning: 'An IP address as given; anything else gives no field and no error.',
    convert: (value) => (typeof value === 'string' && isIpAddress(value) ? value : undefined),
  },
  object: { meaning: 'An object for a flattened field; what is none is wrapped as value, and levels beyond 20 become JSON text.', convert: foldObject },
  scalar: { meaning: 'As keyword; a list or an object gives no field and no error.', convert: (value) => toText(value) },
  json: { meaning: 'The JSON text of any value, with the keys of objects in order.', convert: toJsonText },
  scalars: { meaning: 'As scalar, for each element of a list; a single value makes a list of one.', convert: toScalars },
};

const INTEGER = /^-?[0-9]{1,19}$/;
const DECIMAL = /^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

function toLong(value: JsonValue): Converted {
  const integer = typeof value === 'string' && INTEGER.test(value) ? BigInt(value) : toInteger(value);
  if (integer === undefined || integer < LONG_MIN || integer > LONG_MAX) return MISFIT;
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
}

function toDouble(value: JsonValue): Converted {
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || (typeof value === 'string' && DECIMAL.test(value));
  const number = isNumber ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : MISFIT;
}

function toBoolean(value: JsonValue): Converted {
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : MISFIT;
}

function toScalars(value: JsonValue): Converted {
  const texts = [value]
    .flat()
    .map(toText)
    .filter((text) => text !== undefined && text !== '');
  return texts.length === 0 ? undefined : (texts as string[]);
}

function toDate(value: JsonValue): Converted {
  const instant = toInstant(value);
  return instant === undefined ? MISFIT : new Date(toEpochMs(instant)).toISOString();
}

function toLast(value: JsonValue): Converted {
  const item = (Array.isArray(value) ? value : [value]).findLast((candidate) => !isAbsent(candidate));
  return isAbsent(item) ? undefined : (toText(item) ?? MISFIT);
}

function toHost(value: JsonValue): Converted {
  const text = toText(value);
  return text === undefined ? MISFIT : hostOf(text) || undefined;
}

function eachOf(value: JsonValue, convert: (item: JsonValue) => Converted): Converted {
  const items = (Array.isArray(value) ? value : [value]).filter((item) => !isAbsent(item));
  const converted = items.map(convert);
  if (converted.includes(MISFIT)) return MISFIT;
  return converted.length === 0 ? undefined : (converted as JsonValue[]);
}
