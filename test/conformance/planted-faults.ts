import {
  BASE,
  declare,
  EVENTS,
  EXPECTED,
  FIELDS,
  PAGE,
  type PlantedFault,
  PROGRAM,
  plant,
  put,
  remove,
  SAMPLE,
  STREAM,
  SYSTEM,
  TEMPLATE,
  text,
} from './plant.ts';
import { plantedDashboardFaults } from './planted-dashboard-faults.ts';
import { plantedDocumentFaults } from './planted-document-faults.ts';

/** So many fields are too many; constants need not stand in a document. */
const constants = Array.from({ length: 2048 }, (_, index) => `{ name: tiny.c${index}, type: constant_keyword, description: C. }`).join('\n- ');

/** A second data stream with nothing but a sample event. */
const other = {
  'data_stream/t/manifest.yml': 'title: T\ntype: logs\n',
  'data_stream/t/fields/base-fields.yml': text(BASE),
  'data_stream/t/fields/fields.yml': text(FIELDS),
  'data_stream/t/sample_event.json': text(SAMPLE).replaceAll('"tiny.s"', '"tiny.t"'),
  [TEMPLATE]: `${text(TEMPLATE)}{{fields "t"}}\n{{event "t"}}\n`,
};

const declarations = [
  plant('F1', 'tiny.s.more is not declared', [EXPECTED, '"what": "a"', '"what": "a", "more": 1']),
  plant('F1', 'tiny.s.more is declared and stands in no expected document', declare('{ name: tiny.s.more, type: keyword, description: More. }')),
  plant('F1', 'tags is declared twice', declare('{ name: tags, external: ecs }')),
  plant('F1', 'tiny.s.what has no description', [FIELDS, 'What it is.', '""']),
  put('F1', 'more.yml holds no field', { 'data_stream/s/fields/more.yml': '[]' }),
  plant('F2', 'defines 1 ECS fields itself', [FIELDS, '{ name: event.kind, external: ecs }', '{ name: event.kind, type: keyword, description: Kind. }']),
  plant('F3', 'data_stream.namespace is not declared as constant_keyword', [BASE, 'namespace, type: constant_keyword', 'namespace, type: keyword']),
  plant('F4', 'more than index.mapping.total_fields.limit 10', [STREAM, 'limit: 100', 'limit: 10']),
  plant('F4', 'fields are more than 2048', declare(constants)),
  plant('F5', 'does not say whether it is secret', ['manifest.yml', ', secret: true', '']),
  plant('F5', 'is a password and not secret', ['manifest.yml', 'secret: true', 'secret: false']),
  plant('F6', 'interval has no description', [STREAM, 'description: How often., ', '']),
  plant('F6', 'interval has no title', [STREAM, 'title: Interval, ', '']),
  plant('F6', 'longer than 140 characters', [STREAM, 'How often.', 'How often it is asked. '.repeat(7)]),
  plant('F6', 'interval does not say whether it is required', [STREAM, 'How often., required: true', 'How often.']),
  plant('F6', 'interval does not say whether it is shown', [STREAM, 'required: true, show_user: true, default: 5m', 'required: true, default: 5m']),
  plant('F6', 'preserve_duplicate_custom_fields is not offered', [STREAM, 'name: preserve_duplicate_custom_fields', 'name: other']),
  plant('F6', 'does not hold forwarded', [STREAM, 'default: [forwarded]', 'default: []']),
  plant('F7', 'does not follow the tag forwarded', [PROGRAM, 'publisher_pipeline.disable_host: true', '']),
  plant('F8', 'does not say division', [
    'manifest.yml',
    '    inputs:',
    '    deployment_modes: { agentless: { enabled: true, organization: x, team: y } }\n    inputs:',
  ]),
  plant('F9', 'owner.type', ['manifest.yml', 'type: community', 'type: nobody']),
  plant('F9', 'owner.github names no team', ['manifest.yml', 'tiny/people', 'people']),
  plant('F10', '3 categories', ['manifest.yml', '[security]', '[security, cloud, web]']),
  plant('F10', 'no caret', ['manifest.yml', '^9.1.0', '~9.1.0'], ['manifest.yml', '^8.19.0 || ', '']),
  put('F10', '0.2 is no version', {
    'manifest.yml': text('manifest.yml').replace('version: 0.2.0', "version: '0.2'"),
    'changelog.yml': text('changelog.yml').split('- version: 0.1.0')[0]?.replace('0.2.0', "'0.2'") ?? '',
  }),
  plant('F11', 'format_version 4.0.0 is unknown', ['manifest.yml', 'format_version: 3.4.2', 'format_version: 4.0.0']),
  plant('F11', 'Kibana ^8.18.0 does not know format_version 3.4.2', ['manifest.yml', '^8.19.0', '^8.18.0']),
  plant('F12', 'ends in no issue', ['changelog.yml', 'pull/1', 'commits']),
  plant('F12', 'the newest entry is 0.3.0', ['changelog.yml', 'version: 0.2.0', 'version: 0.3.0']),
  plant(
    'F12',
    'raises too little',
    ['changelog.yml', 'version: 0.1.0', 'version: 0.1.9'],
    ['changelog.yml', 'version: 0.2.0', 'version: 0.1.10'],
    ['manifest.yml', 'version: 0.2.0', 'version: 0.1.10'],
  ),
  plant('F12', 'without description or type', ['changelog.yml', 'type: enhancement', 'type: novelty']),
  plant('F12', '0.2.0 stands above 0.2.0 and is not newer', ['changelog.yml', 'version: 0.1.0', 'version: 0.2.0']),
  put('F12', 'has no entry', { 'changelog.yml': '[]' }),
  plant('F13', 'names no icon', ['manifest.yml', 'icons: [{ src: /img/icon.svg, title: Icon, size: 32x32, type: image/svg+xml }]\n', '']),
  plant('F13', 'names no screenshot', ['manifest.yml', 'screenshots: [{ src: /img/one.png, title: One, size: 600x600, type: image/png }]\n', '']),
  plant('F13', 'is no svg', ['manifest.yml', 'image/svg+xml', 'image/png']),
  remove('F13', 'there is no /img/icon.svg', 'img/icon.svg'),
  plant('F13', 'is no png', ['manifest.yml', 'image/png', 'image/svg+xml']),
  plant('F14', 'semverSatisfies needs Kibana 9.4', [PROGRAM, 'state:', '{{#semverSatisfies _meta.agent.version "^9.4.0"}}{{/semverSatisfies}}\nstate:']),
];

const docs = [
  plant('D1', 'header of generated pages', [PAGE, '<!-- NOTICE', '<!-- Notice']),
  plant('D1', 'does not ask for the header', [TEMPLATE, '{{generatedHeader}}', '']),
  remove('D1', 'there is no _dev/build/docs/README.md', TEMPLATE),
  plant('D2', 'does not know {{permissions}}', [TEMPLATE, '# Tiny', '# Tiny {{permissions}}']),
  plant('D2', 'has no {{event "s"}}', [TEMPLATE, '{{event "s"}}', '']),
  remove('D3', 'has no sample_event.json', SAMPLE),
  plant('D4', 'has no section Validation', [PAGE, '### Validation', '### Look']),
  plant('D4', 'has no section Overview', [PAGE, '## Overview', '### Overview']),
  plant('D4', 'Set up steps in VENDOR', [PAGE, '### Set up steps in Tiny', '### Steps in Tiny']),
  plant('D4', 'does not have the sections enforced', ['validation.yml', 'enabled: true', 'enabled: false']),
  plant('D5', 'is set in bold', [PAGE, '### It does not work', '### It does not work\n1. **It does nothing**:']),
  plant('D5', 'elastic-agent install', [PAGE, '### Agent-based deployment', '### Agent-based deployment\nRun elastic-agent install.']),
  plant('D5', 'is set in bold', [PAGE, '### It does not work', '**It does not work**']),
  plant('D5', 'no call of the API is found', [PROGRAM, 'state.url', 'state.base']),
  plant('D5', 'API usage does not name /things/{}/logs', [PAGE, 'GET /things/{thing_id}/logs', 'GET /things']),
  plant('D6', 'says no number', [PAGE, 'Up to 10 requests a minute.', 'Many requests.']),
];

const tests = [
  plant('T1', 'has no expected document for every event', [EVENTS, '"events": [', '"events": [ { "message": "{}", "_conf": {} },']),
  plant('T1', 'all fixtures are of one category and type', [EXPECTED, '"creation"', '"change"']),
  put('T1', 'data_stream/t/ has no pipeline test', other),
  plant('T2', 'holds error.message', [EXPECTED, '"tiny": {', '"error": { "message": "x" }, "tiny": {']),
  plant('T3', 'message.ip is 8.8.8.8', [EVENTS, '81.2.69.142', '8.8.8.8']),
  plant('T3', 'message.rules is 8.8.4.0/24', [EVENTS, '\\"ip\\"', '\\"rules\\":\\"[\\\\\\"8.8.4.0/24\\\\\\"]\\",\\"ip\\"']),
  remove('T4', 'has no system test', SYSTEM),
  plant('T4', 'is skipped without reason and link', [SYSTEM, 'reason: No stack., ', '']),
  plant('T6', 'data_stream.dataset is not tiny.s', [SAMPLE, '"dataset": "tiny.s",\n  "namespace"', '"dataset": "tiny.t",\n  "namespace"']),
  remove('T7', 'has no _dev/benchmark/pipeline', 'data_stream/s/_dev/benchmark/pipeline/events.json'),
  plant('T9', 'the cursor is not kept as text', [PROGRAM, '"until": string(window.before)', '"until": int(window.before)']),
  plant('T9', 'the cursor is not kept as text', [PROGRAM, '"until": string(window.before)', '"until": state.lost[scope]']),
  plant('T9', 'keeps no cursor', [PROGRAM, '"cursor": cursor', '"place": cursor']),
  plant('T9', 'does not wait', [PROGRAM, 'Retry-After', 'Later']),
  plant('T9', 'for an empty answer', [PROGRAM, 'size(response.records) == 0 ? [{"empty": true}] : ', '']),
];

/** At least one for each check of each rule. */
export const plantedFaults: readonly PlantedFault[] = [...plantedDocumentFaults, ...declarations, ...docs, ...tests, ...plantedDashboardFaults];
