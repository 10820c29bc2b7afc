import { describe, expect, it } from 'vitest';
import { overview, renderDashboardFaults, tinyDashboard, withDashboard } from './tiny-dashboard.ts';
import { listFaults, readTiny, stream } from './tiny-definition.ts';

type Case = readonly [name: string, replaced: readonly (readonly [from: string, to: string])[], faults: readonly string[]];

describe('checkDashboard', () => {
  it('finds nothing in the tiny dashboard', async () => {
    const { dashboards } = await readTiny(...withDashboard());
    expect(dashboards.map(({ name, panels }) => [name, panels.length])).toEqual([['overview', 8]]);
  });

  it.each<Case>([
    [
      'refuses an unknown data stream',
      [['streams: [sample]', 'streams: [sample, samples]']],
      ['streams[1]: there is no data stream samples / Did you mean sample? Data streams: sample.'],
    ],
    [
      'refuses a data stream that stands twice',
      [['streams: [sample]', 'streams: [sample, sample]']],
      ['streams[1]: sample stands twice / Remove one of the two.'],
    ],
    [
      'refuses two panels of one title',
      [['title: Scores', 'title: Samples']],
      ['panels[1].title: there is a panel called Samples already / Give each panel a title of its own.'],
    ],
    [
      'refuses two controls of one title',
      [['  - { title: Address, field: source.ip }', '  - { title: Address, field: source.ip }\n  - { title: Address, field: event.outcome }']],
      ['controls[1].title: there is a control called Address already / Give each control a title of its own.'],
    ],
    [
      'refuses a control on a number',
      [['{ title: Address, field: source.ip }', '{ title: Score, field: cloudflare.sample.score }']],
      ['controls[0].field: cloudflare.sample.score is of type long, which does not fit a control / Take a field of type keyword, ip, boolean.'],
    ],
    [
      'refuses too few panels',
      [[tinyDashboard.slice(tinyDashboard.indexOf('  - title: Addresses')), '']],
      ['panels: a dashboard has 3 to 16 panels, not 2 / Add panels.'],
    ],
    [
      'refuses too many panels',
      [
        [
          '  - title: Words',
          `${Array.from({ length: 9 }, (_, index) => `  - { title: More ${index}, kind: markdown, text: More. }`).join('\n')}\n  - title: Words`,
        ],
      ],
      ['panels: a dashboard has 3 to 16 panels, not 17 / Remove some, or make two dashboards.'],
    ],
    [
      'refuses a click that leads nowhere',
      [['opens: overview', 'opens: overvew']],
      ['panels[2].opens: there is no dashboard overvew / Did you mean overview? Dashboards: overview.'],
    ],
    [
      'refuses a question that is none, as the shape',
      [['question: How many?', 'question: How many']],
      ['panels[0].question: "How many" does not match ^[A-Z].*\\?$ / Write it in that form.'],
    ],
  ])('%s', async (_, replaced, faults) => {
    expect(await renderDashboardFaults(...replaced)).toEqual(faults);
  });

  it('refuses a click that takes the filter along to other data streams', async () => {
    const other = tinyDashboard.replace('title: Overview', 'title: Other').replace('order: 1', 'order: 2').replace('opens: overview', 'opens: other');
    const edits = withDashboard(['streams: [sample]', 'streams: [sample, second]'], ['opens: overview', 'opens: other']);
    const faults = await listFaults(
      ...edits,
      ['kibana/other.yml', '', other],
      ['data_stream/second/stream.yml', '', 'title: Second\ndescription: More.\n'],
      [
        'data_stream/second/fields.yml',
        '',
        "- { name: '@timestamp', from: When }\n- { name: ecs.version, value: ecs }\n- { name: event.kind, value: event }\n",
      ],
    );
    expect(faults).toEqual([
      { file: overview, path: 'panels[2].opens', message: 'other does not show sample, second', hint: 'Open a dashboard that shows the same data streams.' },
    ]);
  });

  it('refuses titles and places that two dashboards share, and names that are none', async () => {
    const faults = await listFaults(...withDashboard(), ['kibana/The_Second.yml', '', tinyDashboard]);
    expect(faults.map(({ file, path, message }) => `${file} ${path}: ${message}`)).toEqual([
      'kibana/The_Second.yml : the file name The_Second is no name of a dashboard',
      'kibana/overview.yml title: kibana/The_Second.yml has the title Overview already',
      'kibana/overview.yml order: kibana/The_Second.yml has the order 1 already',
    ]);
  });

  it('shows faults of dashboards together with those of other files, and none that only follow from them', async () => {
    const faults = await listFaults(...withDashboard(['title: Overview', 'titel: Overview']), [stream, 'title: Samples', 'titel: Samples']);
    expect(faults.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      `${stream}: title is missing`,
      expect.stringContaining(`${stream}: titel is not a key here`),
      `${overview}: title is missing`,
      expect.stringContaining(`${overview}: titel is not a key here`),
    ]);
    expect((await listFaults(...withDashboard(), [stream, 'title: Samples', 'titel: Samples'])).filter(({ file }) => file === overview)).toEqual([]);
  });
});
