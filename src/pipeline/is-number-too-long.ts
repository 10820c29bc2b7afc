/** How many digits Elasticsearch's `json` processor takes in one number. */
export const MAX_DIGITS = 1000;

/** Elasticsearch's parser counts digits only, and no zero before the point or the exponent where the number has not both. */
const UNCOUNTED = /^-?0(?=\.\d+$|[eE])|\D/g;

/** True for the text of a number that Elasticsearch's `json` processor refuses for its length. */
export function isNumberTooLong(text: string): boolean {
  return text.length > MAX_DIGITS && text.replaceAll(UNCOUNTED, '').length > MAX_DIGITS;
}
