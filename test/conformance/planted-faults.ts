import { tinyPackage } from './tiny-package.ts';

/** One rule broken in one place: which rule, which of its checks, and the files of the tiny package after it. */
export interface PlantedFault {
  readonly id: string;
  /** What the fault's sentence holds. */
  readonly says: string;
  readonly files: ReadonlyMap<string, string>;
}

const PIPELINE = 'data_stream/s/elasticsearch/ingest_pipeline/default.yml';
const PROGRAM = 'data_stream/s/agent/stream/cel.yml.hbs';
const FIELDS = 'data_stream/s/fields/fields.yml';
const BASE = 'data_stream/s/fields/base-fields.yml';
const STREAM = 'data_stream/s/manifest.yml';
const EVENTS = 'data_stream/s/_dev/test/pipeline/test-s.json';
const EXPECTED = `${EVENTS}-expected.json`;
const SAMPLE = 'data_stream/s/sample_event.json';
const TEMPLATE = '_dev/build/docs/README.md';
const PAGE = 'docs/README.md';
const DASHBOARD = 'kibana/dashboard/tiny-1.json';

/** A file, a text in it that stands there, and what comes in its place, everywhere it stands. */
type Edit = readonly [path: string, before: string, after: string];

function plant(id: string, says: string, ...edits: readonly Edit[]): PlantedFault {
  const files = new Map(tinyPackage);
  for (const [path, before, after] of edits) {
    const text = files.get(path) ?? '';
    if (!text.includes(before)) throw new Error(`${id}: ${path} does not hold ${before}`);
    files.set(path, text.replaceAll(before, after));
  }
  return { id, says, files };
}

function remove(id: string, says: string, path: string): PlantedFault {
  const files = new Map(tinyPackage);
  if (!files.delete(path)) throw new Error(`there is no ${path}`);
  return { id, says, files };
}

/** An edit that puts processors before the last one of the tiny pipeline. */
function insert(processor: string): Edit {
  return [PIPELINE, '  - remove: { tag: tidy', `  - ${processor}\n  - remove: { tag: tidy`];
}

function declare(text: string): Edit {
  return [FIELDS, '- { name: tiny.s.what', `- ${text}\n- { name: tiny.s.what`];
}

const pipelines = [
  plant('P1', 'does not first set event.kind', [PIPELINE, 'value: pipeline_error', 'value: event']),
  plant('P2', 'lacks {{{_ingest.on_failure_processor_tag}}}', [PIPELINE, '{{{_ingest.on_failure_processor_tag}}}', '']),
  plant(
    'P2',
    'is not one text',
    [PIPELINE, 'field: error.message, value: "', 'field: error.message, value: ["'],
    [PIPELINE, '{{{_ingest.pipeline}}}"', '{{{_ingest.pipeline}}}"]'],
  ),
  plant('P3', 'has no tag', [PIPELINE, 'tag: parse, ', '']),
  plant('P3', 'has no tag', insert('lowercase: { tag: low, field: a, on_failure: [{ remove: { field: a } }] }')),
  plant('P3', 'the tag tidy stands more than once', [PIPELINE, 'tag: parse', 'tag: tidy']),
  plant('P4', 'handles an error message', insert('lowercase: { tag: low, field: a, on_failure: [{ append: { tag: say, field: error.message, value: x } }] }')),
  plant('P5', 'is not ctx.event?.original == null', [PIPELINE, 'ctx.event?.original == null', 'ctx.event?.original == null && true']),
  plant('P5', 'no remove of message', [PIPELINE, 'tag: remove_message, field: message, ignore_missing: true', 'tag: remove_message, field: message']),
  plant('P6', '(enrich look_up) is no processor', insert('enrich: { tag: look_up, field: a, policy_name: p, target_field: b }')),
  plant('P7', 'missing in spite of', [EXPECTED, '"forwarded"\n', '"forwarded", "preserve_original_event"\n']),
  plant('P7', 'does not keep event.original', [PIPELINE, '  - append: { field: tags, value: preserve_original_event }\n', '']),
  plant('P8', 'ctx.user.name (ctx.user may be null)', insert(`lowercase: { tag: low, field: a, if: "ctx.user.name == 'x'" }`)),
  plant('P8', 'ctx.a?.b > (null cannot be compared)', insert('lowercase: { tag: low, field: a, if: "ctx.a?.b > 5" }')),
  plant('P8', 'ignores its failures', insert('script: { tag: run, source: "ctx.a = 1", ignore_failure: true }')),
  plant('P8', 'no expected document has an IPv6 address', [EXPECTED, '2001:db8::1', '192.0.2.1']),
  plant('P9', "Fleet's final pipeline", insert('set: { tag: stamp, field: event.ingested, value: now }')),
  plant('P10', 'not anchored', [PIPELINE, '"^%{WORD', '"%{WORD']),
  plant('P11', 'a constant of the mapping', insert('set: { tag: module, field: event.module, value: tiny }')),
  plant('P12', 'on_failure leaves _conf', [PIPELINE, '  - remove: { field: [json, _conf], ignore_missing: true }\n', '']),
];

const documents = [
  plant('E1', 'event.kind is alert', [EXPECTED, '"kind": "event"', '"kind": "alert"']),
  plant('E2', 'event.outcome is maybe', [EXPECTED, '"outcome": "success"', '"outcome": "maybe"']),
  plant('E2', 'event.type is no list', [SAMPLE, '"type": [\n   "change"\n  ]', '"type": "change"']),
  plant('E3', 'event.type allowed does not go with event.category configuration', [EXPECTED, '"change"', '"allowed"']),
  plant(
    'E4',
    'allowed and denied at once',
    [EXPECTED, '"configuration"', '"network"'],
    [EXPECTED, '"change"', '"allowed", "denied"'],
    [EXPECTED, '"creation"', '"info"'],
  ),
  plant('E5', 'event.reference is no URL', [EXPECTED, 'https://example.com/1', 'example.com/1']),
  plant('E6', 'host.name is set', [EXPECTED, '"tiny": {', '"host": { "name": "x" }, "tiny": {'], declare('{ name: host.name, external: ecs }')),
  plant('E7', 'labels are set', [EXPECTED, '"tiny": {', '"labels": { "x": "y" }, "tiny": {'], declare('{ name: labels, external: ecs }')),
  plant(
    'E7',
    'client.* repeats source.*',
    [EXPECTED, '"source": {\n    "ip": "81.2.69.142"', '"client": { "ip": "81.2.69.142" }, "source": {\n    "ip": "81.2.69.142"'],
    declare('{ name: client.ip, external: ecs }'),
  ),
  plant('E8', 'ecs.version is 1.0.0', [EXPECTED, '9.4.0', '1.0.0']),
  plant('E8', 'event.severity is no number', [EXPECTED, '"severity": 1', '"severity": "1"']),
  plant('E8', 'event.created lies before @timestamp', [EXPECTED, '2026-01-01T00:00:01', '2025-01-01T00:00:01']),
  plant('E8', 'source.ip is not in related.ip', [EXPECTED, '"ip": [\n     "81.2.69.142"\n    ]', '"ip": [ "192.0.2.1" ]']),
  plant('E8', 'related.ip has a value twice', [EXPECTED, '"ip": [\n     "81.2.69.142"\n    ]', '"ip": [ "81.2.69.142", "81.2.69.142" ]']),
  plant('E8', 'event.original is indexed', [FIELDS, ', index: false, doc_values: false', '']),
  plant('E9', 'tags is no list', [SAMPLE, '"tags": [\n  "forwarded",\n  "preserve_original_event"\n ]', '"tags": "preserve_original_event"']),
];

const declarations = [
  plant('F1', 'tiny.s.more is not declared', [EXPECTED, '"what": "a"', '"what": "a", "more": 1']),
  plant('F1', 'tiny.s.more is declared and stands in no expected document', declare('{ name: tiny.s.more, type: keyword, description: More. }')),
  plant('F1', 'tags is declared twice', declare('{ name: tags, external: ecs }')),
  plant('F1', 'tiny.s.what has no description', [FIELDS, 'What it is.', '""']),
  plant('F2', 'defines 1 ECS fields itself', [FIELDS, '{ name: event.kind, external: ecs }', '{ name: event.kind, type: keyword, description: Kind. }']),
  plant('F3', 'data_stream.namespace is not declared as constant_keyword', [BASE, 'namespace, type: constant_keyword', 'namespace, type: keyword']),
  plant('F4', 'more than index.mapping.total_fields.limit 10', [STREAM, 'limit: 100', 'limit: 10']),
  plant('F5', 'does not say whether it is secret', ['manifest.yml', ', secret: true', '']),
  plant('F5', 'is a password and not secret', ['manifest.yml', 'secret: true', 'secret: false']),
  plant('F6', 'interval has no description', [STREAM, 'description: How often., ', '']),
  plant('F6', 'preserve_duplicate_custom_fields is not offered', [STREAM, 'name: preserve_duplicate_custom_fields', 'name: other']),
  plant('F6', 'does not hold forwarded', [STREAM, 'default: [forwarded]', 'default: []']),
  plant('F7', 'does not follow the tag forwarded', [PROGRAM, 'publisher_pipeline.disable_host: true', '']),
  plant('F8', 'does not say division', [
    'manifest.yml',
    '    inputs:',
    '    deployment_modes: { agentless: { enabled: true, organization: x, team: y } }\n    inputs:',
  ]),
  plant('F9', 'owner.type', ['manifest.yml', 'type: community', 'type: nobody']),
  plant('F10', '3 categories', ['manifest.yml', '[security]', '[security, cloud, web]']),
  plant('F10', 'no caret', ['manifest.yml', '^9.1.0', '~9.1.0'], ['manifest.yml', '^8.19.0 || ', '']),
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
  remove('F13', 'there is no /img/icon.svg', 'img/icon.svg'),
  plant('F13', 'is no png', ['manifest.yml', 'image/png', 'image/svg+xml']),
  plant('F14', 'semverSatisfies needs Kibana 9.4', [PROGRAM, 'state:', '{{#semverSatisfies _meta.agent.version "^9.4.0"}}{{/semverSatisfies}}\nstate:']),
];

const docs = [
  plant('D1', 'header of generated pages', [PAGE, '<!-- NOTICE', '<!-- Notice']),
  remove('D1', 'there is no _dev/build/docs/README.md', TEMPLATE),
  plant('D2', 'does not know {{permissions}}', [TEMPLATE, '# Tiny', '# Tiny {{permissions}}']),
  plant('D2', 'has no {{event "s"}}', [TEMPLATE, '{{event "s"}}', '']),
  remove('D3', 'has no sample_event.json', SAMPLE),
  plant('D4', 'has no section Validation', [PAGE, '### Validation', '### Look']),
  plant('D4', 'has no section Overview', [PAGE, '## Overview', '### Overview']),
  plant('D5', 'is set in bold', [PAGE, '### It does not work', '**It does not work**']),
  plant('D5', 'API usage does not name /things/{}/logs', [PAGE, 'GET /things/{thing_id}/logs', 'GET /things']),
  plant('D6', 'says no number', [PAGE, 'Up to 10 requests a minute.', 'Many requests.']),
];

const tests = [
  plant('T1', 'has no expected document for every event', [EVENTS, '"events": [', '"events": [ { "message": "{}", "_conf": {} },']),
  plant('T1', 'all fixtures are of one category and type', [EXPECTED, '"creation"', '"change"']),
  plant('T2', 'holds error.message', [EXPECTED, '"tiny": {', '"error": { "message": "x" }, "tiny": {']),
  plant('T3', 'message.ip is 8.8.8.8', [EVENTS, '81.2.69.142', '8.8.8.8']),
  plant('T3', 'message.rules is 8.8.4.0/24', [EVENTS, '\\"ip\\"', '\\"rules\\":\\"[\\\\\\"8.8.4.0/24\\\\\\"]\\",\\"ip\\"']),
  plant('T6', 'data_stream.dataset is not tiny.s', [SAMPLE, '"dataset": "tiny.s",\n  "namespace"', '"dataset": "tiny.t",\n  "namespace"']),
  remove('T7', 'has no _dev/benchmark/pipeline', 'data_stream/s/_dev/benchmark/pipeline/events.json'),
  plant('T9', 'the cursor is not kept as text', [PROGRAM, '"until": string(window.before)', '"until": int(window.before)']),
  plant('T9', 'does not wait', [PROGRAM, 'Retry-After', 'Later']),
  plant('T9', 'for an empty answer', [PROGRAM, 'size(response.records) == 0 ? [{"empty": true}] : ', '']),
];

const dashboards = [
  plant('K1', 'the panel w (visualization) is no Lens panel by value', [DASHBOARD, '"type": "markdown"', '"type": "pie"']),
  plant('K2', 'has no filter on data_stream.dataset', [DASHBOARD, '"match_phrase"', '"match"'], [DASHBOARD, 'data_stream.dataset', 'event.dataset']),
  plant('K2', 'the panel q has no filter', [DASHBOARD, 'data_stream.dataset: \\"tiny.s\\"', 'data_stream.dataset: \\"other.s\\"']),
  plant('K3', 'does not begin with the integration', [DASHBOARD, '[Logs Tiny Cloudflare] ', '']),
  plant('K3', 'tiny.s.gone is not declared', [DASHBOARD, 'tiny.s.what', 'tiny.s.gone']),
  plant('K3', 'source.port is not declared', [DASHBOARD, 'source.ip: *', 'source.port >= 3']),
  plant('K3', 'event.gone is not declared', [DASHBOARD, '"event.category"', '"event.gone"']),
  plant('K4', 'the id tiny-2 is not the name of the file', [DASHBOARD, '"id": "tiny-1",\n "type"', '"id": "tiny-2",\n "type"']),
  plant('K4', '10.3.0 are not the versions', [DASHBOARD, '10.2.0', '10.3.0']),
  plant('K4', 'does not know the key colour', [DASHBOARD, '"controlGroupInput": {', '"colour": 1, "controlGroupInput": {']),
  plant('K4', 'a template stands in it', [DASHBOARD, 'Words.', '{{Words}}']),
  plant('K5', 'does not order each column once', [DASHBOARD, '"columnOrder": [', '"columnOrder": [ "top",']),
  plant('K5', 'draws gone, which is no column', [DASHBOARD, '"visualization": {', '"visualization": { "xAccessor": "gone",']),
  plant('K5', 'ranks What by what is no measure', [DASHBOARD, '"columnId": "number",', '"columnId": "top",']),
  plant('K5', 'counts source.ip', [DASHBOARD, '___records___', 'source.ip']),
  plant('K6', 'nothing is referenced as p:indexpattern', [DASHBOARD, '"name": "p:indexpattern', '"name": "q:indexpattern']),
  plant('K6', 'nothing is referenced as controlGroup_other:', [DASHBOARD, '"id": "k"', '"id": "other"']),
  plant('K6', 'does not refer to g', [DASHBOARD, '"index": "f"', '"index": "g"']),
  plant('K6', 'refers to the dashboard tiny-2, which is not there', [DASHBOARD, '"id": "tiny-1",\n   "name": "r:', '"id": "tiny-2", "name": "r:']),
  plant('K7', 'the panels p and q overlap', [DASHBOARD, '"x": 24', '"x": 23']),
  plant('K7', 'the panel r stands outside', [DASHBOARD, '"y": 9,\n     "w": 48', '"y": 9, "w": 49']),
  plant('K7', 'is that of another', [DASHBOARD, '"i": "r"', '"i": "s"']),
];

/** At least one for each check of each rule. */
export const plantedFaults: readonly PlantedFault[] = [...pipelines, ...documents, ...declarations, ...docs, ...tests, ...dashboards];
