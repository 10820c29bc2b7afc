import { describe, expect, it } from 'vitest';
import { type Edit, manifest, renderFaults, stream } from './tiny-definition.ts';

type Case = readonly [name: string, file: string, edits: readonly Edit[], faults: readonly string[]];

describe('checkVariables', () => {
  it.each<Case>([
    [
      'refuses a name that stands twice',
      manifest,
      [[manifest, 'name: api_token', 'name: api_url']],
      ['variables[1].name: the variable api_url is declared already in this list / Remove one of the two.'],
    ],
    [
      "refuses a stream's variable that all connections have",
      stream,
      [[stream, 'name: mode', 'name: api_url']],
      ['variables[4].name: the variable api_url is declared already in variables of manifest.yml / Remove one of the two.'],
    ],
    [
      "refuses a stream's variable that all streams have",
      stream,
      [[stream, 'name: mode', 'name: tags']],
      ['variables[4].name: the variable tags is declared already in stream_variables of manifest.yml / Remove one of the two.'],
    ],
    [
      'refuses a secret that is not declared so',
      manifest,
      [[manifest, 'name: api_token, type: secret', 'name: api_token, type: text']],
      ['variables[1].type: the name api_token says that it is a secret / Give it the type secret, or another name.'],
    ],
    [
      'refuses a secret with a default',
      manifest,
      [[manifest, 'description: API token.', 'description: API token., default: abc']],
      ['variables[1].default: the secret api_token has a default / Remove default: a secret that all know is none.'],
    ],
    [
      'refuses a select without options',
      stream,
      [[stream, ', options: [fast, slow]', '']],
      ['variables[4]: the select mode has no options / Add options with at least two values.'],
    ],
    [
      'refuses options without a select',
      stream,
      [[stream, 'type: select', 'type: text']],
      ['variables[4].options: mode has options, but is no select / Give it the type select, or remove options.'],
    ],
    [
      'refuses a default that is no option',
      stream,
      [[stream, 'default: fast', 'default: fsat']],
      ['variables[4].default: "fsat" is no select for mode / Use one of: fast, slow.'],
    ],
    [
      'refuses a default that is no duration for the form',
      stream,
      [[stream, 'default: 24h', 'default: 1d']],
      [
        'variables[3].default: "1d" is no duration for initial_interval / Write hours, minutes, seconds or milliseconds, e.g. 24h or 5m; the form in Kibana knows no days.',
      ],
    ],
    [
      'refuses a default that is no address',
      manifest,
      [[manifest, 'default: https://api.example.com', 'default: nowhere']],
      ['variables[0].default: "nowhere" is no url for api_url / Write a value of that type.'],
    ],
    [
      'refuses a default that is neither true nor false',
      stream,
      [[stream, 'type: duration, title: Interval', 'type: bool, title: Interval']],
      ['variables[2].default: "5m" is no bool for interval / Write a value of that type.'],
    ],
    [
      'refuses a default that is no whole number',
      stream,
      [[stream, 'type: duration, title: Interval', 'type: integer, title: Interval']],
      ['variables[2].default: "5m" is no integer for interval / Write a value of that type.'],
    ],
    [
      'refuses a default that is no id',
      stream,
      [[stream, 'description: Zones to collect from.,', 'description: Zones to collect from., default: [abc],']],
      ['variables[0].default: "abc" is no id for zone_id / Write 32 lower-case hexadecimal digits.'],
    ],
    [
      'refuses all where nothing can be listed',
      stream,
      [[stream, 'type: select', 'all: true, type: select']],
      ['variables[4].all: mode takes all, but is no list of account or zone ids / Remove all, or declare account_id or zone_id with type: id and multi: true.'],
    ],
    [
      'refuses a list where one value is taken',
      stream,
      [[stream, 'default: 5m', 'default: [5m]']],
      ['variables[2].default: interval takes one value, but its default is a list / Add multi: true, or write one value.'],
    ],
    [
      'refuses one value where a list is taken',
      manifest,
      [[manifest, 'default: [forwarded]', 'default: forwarded']],
      ['stream_variables[0].default: tags takes a list, but its default is one value / Write the default as list.'],
    ],
  ])('%s', async (_, file, edits, faults) => {
    expect(await renderFaults(file, ...edits)).toEqual(faults);
  });
});
