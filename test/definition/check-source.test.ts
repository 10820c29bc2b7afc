import { describe, expect, it } from 'vitest';
import { type Edit, renderFaults, stream } from './tiny-definition.ts';

type Case = readonly [name: string, file: string, edits: readonly Edit[], faults: readonly string[]];

describe('checkSource', () => {
  it.each<Case>([
    [
      'refuses a path without the id of its scope',
      stream,
      [[stream, '/zones/{zone_id}/', '/zones/']],
      ['sources[0].request: a source of scope zone needs {zone_id} in its path, this one has no placeholder / Correct the path, or the scope.'],
    ],
    [
      'refuses a path with the id of another scope',
      stream,
      [[stream, '{zone_id}', '{account_id}']],
      ['sources[0].request: a source of scope zone needs {zone_id} in its path, this one has {account_id} / Correct the path, or the scope.'],
    ],
    [
      'refuses a path with an id for a user',
      stream,
      [[stream, 'scope: zone', 'scope: user']],
      ['sources[0].request: a source of scope user needs no placeholder in its path, this one has {zone_id} / Correct the path, or the scope.'],
    ],
    [
      'refuses a placeholder inside a parameter',
      stream,
      [[stream, "'${fields}'", "'a,${fields}'"]],
      ['sources[0].query.fields: a,${fields} is no placeholder / Only ${fields} stands for something, and alone.'],
    ],
    [
      'refuses a parameter that the window sets',
      stream,
      [[stream, 'query: { ', 'query: { start: x, ']],
      ['sources[0].query.start: the parameter start is set by window or page / Remove it from query.'],
    ],
    ['refuses what is no duration', stream, [[stream, 'lag: 5m', 'lag: 5 min']], ['sources[0].window.lag: 5 min is no duration / Write 30s, 5m, 24h or 7d.']],
    [
      'refuses an empty window',
      stream,
      [[stream, 'max: 1h', 'max: 0s']],
      ['sources[0].window.max: the longest window is empty / Write a duration longer than nothing.'],
    ],
    [
      'refuses a retention that holds no window',
      stream,
      [[stream, 'retention: 7d', 'retention: 1h']],
      ['sources[0].window.retention: the retention is not longer than the longest window and the lag / Write how far back the endpoint answers.'],
    ],
    [
      'refuses an overlap beyond the retention',
      stream,
      [[stream, 'overlap: 0s', 'overlap: 8d']],
      ['sources[0].window.overlap: the overlap is not shorter than the retention / Write a shorter overlap.'],
    ],
    [
      'refuses an empty id',
      stream,
      [
        [stream, 'id: [RayID]', 'id: []'],
        [stream, 'standard: [RayID, ', 'standard: ['],
      ],
      ['sources[0].id: the source v1 has an empty id / Name the record paths that tell one record from another.'],
    ],
    [
      'refuses an id that names a path twice',
      stream,
      [[stream, 'id: [RayID]', 'id: [RayID, RayID]']],
      ['sources[0].id: RayID stands twice in the id / Remove one of the two.'],
    ],
    [
      'refuses a beginning that is no day',
      stream,
      [[stream, 'lag: 5m', "begins: '2026-02-30', lag: 5m"]],
      ['sources[0].window.begins: 2026-02-30 is no date / Write a day in UTC, e.g. 2026-03-10.'],
    ],
    [
      'refuses pages that are counted and named',
      stream,
      [[stream, 'stop: short', 'stop: short, cursor: cursor, from: [a.b]']],
      ['sources[0].page: pages are counted by number and stop, or named by cursor and from; this has number, stop, cursor, from / Write one of the two pairs.'],
    ],
    [
      'refuses pages that are neither',
      stream,
      [
        [stream, 'number: page, ', ''],
        [stream, ', stop: short', ''],
      ],
      ['sources[0].page: pages are counted by number and stop, or named by cursor and from; this has neither / Write one of the two pairs.'],
    ],
    [
      'refuses a parameter of the query that the cursor sets',
      stream,
      [
        [stream, 'number: page, size: { per_page: 100 }, stop: short', 'cursor: next, from: [a.b], size: { limit: 1 }'],
        [stream, "fields: '${fields}'", "fields: '${fields}', next: x"],
      ],
      ['sources[0].query.next: the parameter next is set by window or page / Remove it from query.'],
    ],
    [
      'refuses a page size that the endpoint does not take, and sizes without one record',
      stream,
      [[stream, 'stop: short', 'sizes: [5, 50], stop: short']],
      [
        'sources[0].page.size.per_page: 100 is no size that the endpoint takes / Write one of 5, 50.',
        'sources[0].page.sizes: the endpoint takes no page of one record / Add 1: check asks for one record.',
      ],
    ],
    [
      'refuses a retention by what is no select',
      stream,
      [[stream, 'retention: 7d', "retention: '${interval}'"]],
      ['sources[0].window.retention: interval is no variable of type select with a default / Declare it, with durations as options.'],
    ],
    [
      'refuses a retention by options that are no durations, or too short',
      stream,
      [
        [stream, 'retention: 7d', "retention: '${mode}'"],
        [stream, '[fast, slow], default: fast', '[fast, 1h, 7d], default: 7d'],
      ],
      [
        'sources[0].window.retention: fast is no duration / Write 30s, 5m, 24h or 7d.',
        'sources[0].window.retention: the retention is not longer than the longest window and the lag / Write how far back the endpoint answers.',
      ],
    ],
  ])('%s', async (_, file, edits, faults) => {
    expect(await renderFaults(file, ...edits)).toEqual(faults);
  });
});
