/** How long the windows of a partition are for now. */
export interface WindowLength {
  readonly ms: number;
  /** No longer window is tried before; epoch milliseconds. */
  readonly growAtMs: number;
  /** How long after that the next longer one. */
  readonly growEveryMs: number;
}

/** A length that may grow at once. */
export function toLength(ms: number): WindowLength {
  return { ms, growAtMs: Number.NEGATIVE_INFINITY, growEveryMs: 0 };
}

/** The length after a window that went well: twice as long where it is time for that, never longer than declared. */
export function toLonger(length: WindowLength, mostMs: number, now: number): WindowLength {
  if (now < length.growAtMs) return length;
  return { ...length, ms: Math.min(length.ms * 2, mostMs), growAtMs: now + length.growEveryMs };
}

/** The length after a window of `triedMs` that was too long: half of it, in whole seconds. */
export function toHalf(triedMs: number, minMs: number, growth: { readonly now: number; readonly growAfterMs: number }): WindowLength {
  const ms = Math.max(minMs, Math.floor(triedMs / 2_000) * 1_000);
  return { ms, growAtMs: growth.now + growth.growAfterMs, growEveryMs: growth.growAfterMs };
}
