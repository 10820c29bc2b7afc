const CHARACTER_PX = 6.5;
const MARK_PX = 26;
const MAX_PX = 240;

/** A legend at the right, and how much room it takes in pixels; none for no names. */
export function toLegend(names: readonly string[]): { readonly legend: object; readonly width: number } {
  if (names.length === 0) return { legend: { show: false }, width: 0 };
  const width = Math.round(Math.min(MAX_PX, MARK_PX + CHARACTER_PX * Math.max(...names.map(({ length }) => length))));
  const textStyle = { width: width - MARK_PX + CHARACTER_PX, overflow: 'truncate', color: '#343741', fontSize: 12 };
  const legend = { type: 'scroll', orient: 'vertical', right: 4, top: 8, bottom: 8, itemWidth: 10, itemHeight: 10, icon: 'circle', data: names, textStyle };
  return { legend, width };
}
