import { describe, expect, it } from 'vitest';
import { type Edit, fields, manifest, renderFaults, rules, stream } from './tiny-definition.ts';

type Case = readonly [name: string, file: string, edits: readonly Edit[], faults: readonly string[]];

describe('checkShape', () => {
  it.each<Case>([
    [
      'refuses an unknown key',
      manifest,
      [[manifest, 'title: Tiny API', 'title: Tiny API\nkibana: x']],
      [
        ': kibana is not a key here / Keys here: name, title, version, description, format_version, categories, kibana_version, owner, repository, policy_template, variables, stream_variables.',
      ],
    ],
    [
      'knows what an unknown key was meant to be',
      stream,
      [[stream, 'time: When', 'tiem: When']],
      [
        'sources[0]: time is missing / Add time.',
        'sources[0]: tiem is not a key here / Did you mean time? Keys here: name, scope, permission, request, query, window, page, records, id, time, when, continues, members.',
      ],
    ],
    [
      'misses a key',
      manifest,
      [[manifest, 'description: Collect tiny events.\nformat_version', 'format_version']],
      [': description is missing / Add description.'],
    ],
    [
      'refuses a value that is none of the list',
      manifest,
      [[manifest, '[security]', '[securty]']],
      [
        'categories[0]: "securty" is not a value here / Did you mean security? Use one of: authentication, cdn_security, cloud, firewall_security, network, network_security, observability, security, siem, web, web_application_firewall.',
      ],
    ],
    ['refuses a value of another kind', manifest, [[manifest, 'title: Tiny API', 'title: 5']], ['title: 5 is no text / Write a text; quotes make a text.']],
    [
      'refuses a name of a wrong form',
      manifest,
      [[manifest, 'name: tiny_api', 'name: tiny-api']],
      ['name: "tiny-api" does not match ^[a-z][a-z0-9_]*$ / Write it in that form.'],
    ],
    ['refuses an empty list', manifest, [[manifest, '[security]', '[]']], ['categories: the list has too few entries / Write at least 1.']],
    ['refuses an empty text', manifest, [[manifest, 'title: Tiny API', "title: ''"]], ['title: the text is empty / Write at least 1.']],
    [
      'refuses a key of a wrong form, once',
      stream,
      [[stream, 'standard: [RayID', 'Standard-X: [RayID']],
      ['presets: the key Standard-X has a wrong form / Use lower-case letters, digits and underscores.'],
    ],
    [
      'refuses an unknown test of a condition',
      rules,
      [[rules, '{ below: 30 }', '{ under: 30 }']],
      ['[1].when.cloudflare.sample.score: under is not a key here / Keys here: exists, in, matches, words, at_least, below.'],
    ],
    [
      'refuses an unknown conversion',
      fields,
      [[fields, 'from: ClientIP }', 'from: ClientIP, to: ipp }']],
      [
        '[7].to: "ipp" is not a value here / Did you mean ip? Use one of: keyword, keywords, last, lowercase, uppercase, host, extension, long, longs, port, double, boolean, date, http_date, ip, object, scalar, scalars, json.',
      ],
    ],
  ])('%s', async (_, file, edits, faults) => {
    expect(await renderFaults(file, ...edits)).toEqual(faults);
  });
});
