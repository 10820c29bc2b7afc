import { describe, expect, it } from 'vitest';
import { type Edit, fields, renderFaults, rules } from './tiny-definition.ts';

type Case = readonly [name: string, file: string, edits: readonly Edit[], faults: readonly string[]];

describe('checkFieldOrigin', () => {
  it.each<Case>([
    [
      'refuses a field without an origin',
      fields,
      [[fields, '- { name: event.kind, value: event }', '- { name: event.kind }']],
      [
        '[2]: event.kind has no origin / Say with one of them how it is made: from, value, collect, geo, as, user_agent, between, point, text, groups, listed, by.',
      ],
    ],
    [
      'refuses a field with two origins',
      fields,
      [[fields, 'value: event }', 'value: event, by: pipeline }']],
      [
        '[2]: event.kind has more than one origin: value, by / Say with one of them how it is made: from, value, collect, geo, as, user_agent, between, point, text, groups, listed, by.',
      ],
    ],
    [
      'refuses a conversion of nothing',
      fields,
      [[fields, 'value: event }', 'value: event, to: lowercase }']],
      ['[2].to: to says how a value of the record is read, but event.kind has no from / Add from, or remove to.'],
    ],
    [
      'refuses a type that no record has',
      fields,
      [[fields, '- { name: related.ip', '- { name: client.geo.location, from: Place }\n- { name: related.ip']],
      ['[13].from: client.geo.location is geo_point, which no value of a record can become / Use another field.'],
    ],
    [
      "refuses a conversion that does not fit the field's type",
      fields,
      [[fields, 'from: ClientIP }', 'from: ClientIP, to: long }']],
      ['[7].to: long does not fit source.ip, which is ip / What fits: ip.'],
    ],
    [
      'refuses a list in an ECS field for one value',
      fields,
      [[fields, 'from: Agent }', 'from: Agent, to: keywords }']],
      ['[9].to: keywords gives a list, but user_agent.original of ECS holds one value / Use keyword, or another field.'],
    ],
    [
      'refuses two cuts',
      fields,
      [[fields, 'from: Agent }', 'from: Agent, before: a, after: b }']],
      ['[9].after: user_agent.original has before and after / Keep one of them.'],
    ],
    [
      'refuses what is no path',
      fields,
      [[fields, 'from: Agent }', "from: 'Agent..x' }"]],
      ['[9].from: "Agent..x" is no path / Write keys joined by dots, e.g. action.type.'],
    ],
    [
      'refuses what the sender does not know',
      fields,
      [[fields, 'from: Agent }', 'from: _conf.zone }']],
      [
        '[9].from: _conf.zone is nothing that the sender knows / Did you mean _conf.zone_id? Use one of: _conf.source, _conf.account_id, _conf.zone_id, _conf.actor.name, _conf.actor.email, _conf.target.name, _conf.target.email.',
      ],
    ],
    [
      'refuses a replacement that ECS does not allow',
      fields,
      [[fields, "'true': success", "'true': succes"]],
      ['[5].values: event.outcome cannot be "succes" / Did you mean success? ECS allows: failure, success, unknown.'],
    ],
    [
      'refuses a constant that ECS does not allow',
      fields,
      [[fields, 'value: event }', 'value: evnt }']],
      ['[2].value: event.kind cannot be "evnt" / Did you mean event? ECS allows: alert, asset, enrichment, event, metric, state, pipeline_error, signal.'],
    ],
    [
      'refuses one value where ECS demands a list',
      fields,
      [
        [fields, 'event.category, by: rules', 'event.category, value: web'],
        [rules, 'event.category: [web], ', ''],
        [rules, 'event.category: [web, network], event.type: [denied], ', ''],
      ],
      ['[3].value: event.category holds a list / Write the value as list.'],
    ],
    [
      'refuses a list where ECS has one value',
      fields,
      [[fields, 'value: event }', 'value: [event] }']],
      ['[2].value: event.kind holds one value / Write one value.'],
    ],
    [
      'refuses a constant of another type',
      fields,
      [[fields, 'from: [Score, Bot.Score], absent: [0]', 'value: high']],
      ['[11].value: "high" is no long for cloudflare.sample.score / Write a value of that type; quotes make a text.'],
    ],
    [
      'refuses nanoseconds in a field for something else',
      fields,
      [[fields, 'name: event.duration', 'name: event.end']],
      ['[6].between: event.end is date, but nanoseconds need long / Use a field of type long.'],
    ],
    [
      'refuses a place in a field for something else',
      fields,
      [
        [
          fields,
          'name: cloudflare.sample.note, type: keyword, description: Note., from: Note',
          'name: cloudflare.sample.note, type: keyword, description: Note., point: [Lat, Lon]',
        ],
      ],
      ['[12].point: cloudflare.sample.note is keyword, but a place needs geo_point / Use a field of type geo_point, e.g. client.geo.location.'],
    ],
    [
      'refuses to collect a field that is not declared',
      fields,
      [[fields, 'collect: [source.ip]', 'collect: [source.pi]']],
      ['[13].collect: source.pi is not declared / Did you mean source.ip? Declare it above this field.'],
    ],
    [
      'refuses to collect texts as addresses',
      fields,
      [[fields, 'collect: [source.ip]', 'collect: [user_agent.original]']],
      ['[13].collect: user_agent.original is keyword, but related.ip is ip / Collect only fields of type ip.'],
    ],
    [
      'refuses an enrichment where ECS has no place for it',
      fields,
      [[fields, 'name: source.geo', 'name: source.geos']],
      ['[8].name: ECS has no source.geos.city_name / Name the place ECS has for it, e.g. source.geo.'],
    ],
    [
      'refuses an enrichment of a field that is declared below',
      fields,
      [
        [
          fields,
          '- { name: source.ip, from: ClientIP }\n- { name: source.geo, geo: source.ip }',
          '- { name: source.geo, geo: source.ip }\n- { name: source.ip, from: ClientIP }',
        ],
      ],
      ['[7].geo: source.ip is declared below / Move it above this field.'],
    ],
    [
      'refuses a place of what is no address',
      fields,
      [[fields, 'geo: source.ip', 'geo: event.kind']],
      ['[8].geo: event.kind is keyword, but geo needs ip / Name a field of type ip.'],
    ],
    [
      'refuses a text of a field declared below',
      fields,
      [[fields, '- { name: ecs.version, value: ecs }', "- { name: message, text: ['{source.ip} came'] }\n- { name: ecs.version, value: ecs }"]],
      ['[1].text: source.ip is declared below / Move it above this field.'],
    ],
    [
      'refuses a text of a list',
      fields,
      [
        [
          fields,
          '- { name: related.ip, collect: [source.ip] }',
          "- { name: related.ip, collect: [source.ip] }\n- { name: message, text: [[' {related.ip}', nobody]] }",
        ],
      ],
      ['[14].text: related.ip holds a list, which is no text / Name a field that holds one value.'],
    ],
    [
      'refuses a text for a number',
      fields,
      [[fields, '- { name: event.duration, between: [When, End] }', "- { name: event.duration, text: ['5'] }"]],
      ['[6].text: event.duration is long, but a text needs keyword or text / Use another field.'],
    ],
  ])('%s', async (_, file, edits, faults) => {
    expect(await renderFaults(file, ...edits)).toEqual(faults);
  });
});
