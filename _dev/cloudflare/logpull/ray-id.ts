import { mix, toHex32 } from '../random.ts';

const ODD = 0x9e3779b1;
const INVERSE = invert(ODD);

/** Where a line stands: the second in which it was received, and its number in that second. */
export interface LinePlace {
  readonly second: number;
  readonly index: number;
}

/** A ray id of 16 hex digits that looks random and still tells where its line is. */
export function toRayId(salt: number, { second, index }: LinePlace): string {
  const low = (Math.imul(index, ODD) ^ salt) >>> 0;
  const high = (second ^ mix(low, salt)) >>> 0;
  return toHex32(high) + toHex32(low);
}

/** Where the line of a ray id would stand; a ray id that was never given out leads to a place without a line. */
export function findPlace(salt: number, rayId: string): LinePlace {
  const low = Number.parseInt(rayId.slice(8), 16) >>> 0;
  const second = (Number.parseInt(rayId.slice(0, 8), 16) ^ mix(low, salt)) >>> 0;
  return { second, index: Math.imul(low ^ salt, INVERSE) >>> 0 };
}

/** The inverse of an odd number modulo 2^32, by Newton's iteration. */
function invert(odd: number): number {
  let inverse = odd;
  for (let step = 0; step < 5; step++) inverse = Math.imul(inverse, 2 - Math.imul(odd, inverse));
  return inverse;
}
