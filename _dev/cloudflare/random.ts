/** Joins two numbers to one well-spread unsigned 32-bit number; equal input gives equal output on every machine. */
export function mix(a: number, b: number): number {
  let hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ b;
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A reversible scramble of a 32-bit number: different input always gives different output. */
export function scramble(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 32-bit hash of a text. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mix(hash, text.length);
}

/** Eight lower-case hex digits. */
export function toHex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

/** `digits` hex digits that depend on the salt and the purpose alone. */
export function drawHex(salt: number, purpose: number, digits: number): string {
  let text = '';
  for (let word = 0; text.length < digits; word++) text += toHex32(mix(mix(salt, purpose), word));
  return text.slice(0, digits);
}

/** An element of a list that is not empty. */
export function pick<T>(list: readonly T[], draw: number): T {
  return list[draw % list.length] as T;
}

/** A seeded sequence of draws. */
export interface Dice {
  /** Unsigned 32-bit. */
  readonly next: () => number;
  /** 0 to below `limit`. */
  readonly below: (limit: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(list: readonly T[]) => T;
  readonly hex: (digits: number) => string;
}

/** Dice that always fall the same way for the same salt. */
export function createDice(salt: number): Dice {
  let turn = 0;
  const next = (): number => mix(salt, ++turn);
  return {
    next,
    below: (limit) => next() % limit,
    chance: (probability) => next() < probability * 0x1_0000_0000,
    pick: (list) => pick(list, next()),
    hex: (digits) => drawHex(next(), 0, digits),
  };
}
