import { OTHER } from '../search/read-panel-rows.ts';
import type { Cell } from '../search/to-rows.ts';

/** Kibana's palette that also people with a colour vision deficiency can tell apart. */
export const PALETTE = ['#54B399', '#6092C0', '#D36086', '#9170B8', '#CA8EAE', '#D6BF57', '#B9A888', '#DA8B45', '#AA6556', '#E7664C'] as const;

/** Of what is left over. */
const GREY = '#98A2B3';

/** Gives values colours, in turn; what is left over is grey. */
export function toColour(value: Cell, index: number): string {
  return value === OTHER ? GREY : (PALETTE[index % PALETTE.length] ?? GREY);
}
