import { describe, expect, it } from 'vitest';
import { layOutPanels, type Place } from '../../../src/compile/dashboard/lay-out-panels.ts';
import type { PanelDefinition, PanelSize } from '../../../src/definition/dashboard-definition.ts';

type Sized = Pick<PanelDefinition, 'kind' | 'size'>;

function place(panels: readonly Sized[], top: number): readonly Place[] {
  return layOutPanels(panels, top).map((placed) => placed.place);
}

function sized(kind: PanelDefinition['kind'], size: PanelSize = 'medium'): Sized {
  return { kind, size };
}

describe('layOutPanels', () => {
  it('puts panels into rows by their sizes, below what stands above', () => {
    expect(place([sized('time', 'large'), sized('donut', 'small'), sized('bar'), sized('bar'), sized('time', 'full')], 4)).toEqual([
      { x: 0, y: 4, w: 32, h: 12 },
      { x: 32, y: 4, w: 16, h: 12 },
      { x: 0, y: 16, w: 24, h: 12 },
      { x: 24, y: 16, w: 24, h: 12 },
      { x: 0, y: 28, w: 48, h: 12 },
    ]);
  });

  it('fills a row up, as high as its highest panel', () => {
    expect(place([sized('bar', 'small'), sized('table', 'small'), sized('time', 'full')], 0)).toEqual([
      { x: 0, y: 0, w: 24, h: 13 },
      { x: 24, y: 0, w: 24, h: 13 },
      { x: 0, y: 13, w: 48, h: 12 },
    ]);
  });

  it('gives numbers equal shares of rows of their own, at most six in each', () => {
    const places = place([...Array.from({ length: 7 }, () => sized('metric')), sized('bar', 'small')], 0);
    expect(places.map(({ x, y, w }) => [x, y, w])).toEqual([
      [0, 0, 8],
      [8, 0, 8],
      [16, 0, 8],
      [24, 0, 8],
      [32, 0, 8],
      [40, 0, 8],
      [0, 5, 48],
      [0, 10, 48],
    ]);
    expect(
      place(
        Array.from({ length: 5 }, () => sized('metric')),
        0,
      ).map(({ w }) => w),
    ).toEqual([10, 9, 10, 9, 10]);
  });
});
