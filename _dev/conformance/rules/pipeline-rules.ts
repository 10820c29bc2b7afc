import { listPipelines, type PipelineUnderTest, type PlacedProcessor } from '../processors.ts';
import type { Rule } from '../rule.ts';

const placeholders = ['processor_type', 'processor_tag', 'message'].map((name) => `{{{_ingest.on_failure_${name}}}}`);
const failureParts = [...placeholders, '{{{_ingest.pipeline}}}'];

/** What a package's pipeline may hold; the package format refuses the rest, such as enrich and reroute. */
const allowed = new Set(
  `append attachment bytes circle community_id convert csv date date_index_name dissect dot_expander drop fail fingerprint foreach geoip grok gsub html_strip
  inference join json kv lowercase network_direction pipeline redact registered_domain remove rename script set sort split terminate trim uppercase uri_parts
  urldecode user_agent`.split(/\s+/),
);

type Find = (pipeline: PipelineUnderTest) => readonly string[];

function onEach(find: Find): Rule['check'] {
  return (tested) => listPipelines(tested).flatMap(find);
}

function ofFailure({ processors }: PipelineUnderTest): readonly PlacedProcessor[] {
  return processors.filter(({ place }) => place === 'failure');
}

const findKind: Find = (pipeline) => {
  const handlers = ofFailure(pipeline);
  const kind = handlers.findIndex(({ type, options }) => type === 'set' && options.field === 'event.kind');
  const message = handlers.findIndex(({ type, options }) => type === 'append' && options.field === 'error.message');
  if (kind < 0 || handlers[kind]?.options.value !== 'pipeline_error') return [`${pipeline.file}: on_failure does not first set event.kind to pipeline_error`];
  return message >= 0 && message < kind ? [`${pipeline.file}: on_failure does not append error.message after event.kind is set`] : [];
};

const findMessage: Find = (pipeline) => {
  const append = ofFailure(pipeline).find(({ type, options }) => type === 'append' && options.field === 'error.message');
  if (append === undefined) return [`${pipeline.file}: nothing is appended to error.message`];
  const { value } = append.options;
  if (typeof value !== 'string') return [`${append.label}: the value is not one text`];
  return failureParts.filter((part) => !value.includes(part)).map((part) => `${append.label}: the message lacks ${part}`);
};

const findTags: Find = ({ file, processors }) => {
  const tagged = processors.filter(({ place }) => place !== 'failure');
  const missing = tagged.filter(({ options }) => typeof options.tag !== 'string' || options.tag === '').map(({ label }) => `${label} has no tag`);
  const tags = tagged.map(({ options }) => options.tag).filter((tag) => typeof tag === 'string');
  const twice = [...new Set(tags.filter((tag, index) => tags.indexOf(tag) !== index))].map((tag) => `${file}: the tag ${tag} stands more than once`);
  return [...missing, ...twice];
};

const findErrorHandling: Find = ({ processors }) =>
  processors
    .filter(({ place, type, options }) => place === 'cleanup' && ['set', 'append'].includes(type) && String(options.field).startsWith('error.'))
    .map(({ label }) => `${label} handles an error message, which is the pipeline's own on_failure's part`);

const findRenaming: Find = ({ file, processors }) => {
  const rename = processors.find(({ type, options }) => type === 'rename' && options.field === 'message' && options.target_field === 'event.original');
  if (rename === undefined) return [];
  const remove = processors.find(
    ({ type, options }) => type === 'remove' && options.field === 'message' && options.ignore_missing === true && options.if === 'ctx.event?.original != null',
  );
  return [
    ...(rename.options.if === 'ctx.event?.original == null' ? [] : [`${rename.label}: its condition is not ctx.event?.original == null`]),
    ...(remove === undefined ? [`${file}: no remove of message with ignore_missing and the condition ctx.event?.original != null`] : []),
  ];
};

const findForbidden: Find = ({ processors }) => processors.filter(({ type }) => !allowed.has(type)).map(({ label }) => `${label} is no processor of packages`);

/** Rules on how pipelines fail, name their processors and begin. */
export const pipelineRules: readonly Rule[] = [
  { id: 'P1', checks: 'on_failure sets event.kind to pipeline_error, then appends error.message', check: onEach(findKind) },
  { id: 'P2', checks: 'error.message is one text with processor, tag, pipeline and cause, in every pipeline file', check: onEach(findMessage) },
  { id: 'P3', checks: 'every processor has a tag of its own, nested ones too', check: onEach(findTags) },
  { id: 'P4', checks: "a processor's own on_failure cleans up and handles no error message", check: onEach(findErrorHandling) },
  { id: 'P5', checks: 'message becomes event.original on exactly the demanded conditions', check: onEach(findRenaming) },
  { id: 'P6', checks: 'only processors that packages may hold', check: onEach(findForbidden) },
];
