import { isIPv6 } from 'node:net';
import { isFilled, listAt, toLeaves, valueAt } from '../documents.ts';
import type { PackageUnderTest, StreamUnderTest } from '../package-under-test.ts';
import { findUnsafeAccess } from '../painless-access.ts';
import { listPipelines, type PipelineUnderTest, type PlacedProcessor } from '../processors.ts';
import type { Rule } from '../rule.ts';

const KEEP_TAG = 'preserve_original_event';

/** Keys that carry something from the sender to the pipeline, or are the pipeline's own. */
const temporary = ['_conf', '_config', '_tmp', 'json'];

type Find = (pipeline: PipelineUnderTest) => readonly string[];

function onEach(find: Find): Rule['check'] {
  return (tested) => listPipelines(tested).flatMap(find);
}

function onStreams(find: (stream: StreamUnderTest) => readonly string[]): (tested: PackageUnderTest) => readonly string[] {
  return ({ streams }) => streams.filter(({ pipelines }) => pipelines.length > 0).flatMap(find);
}

/** Fields that a processor writes, as far as its options say. */
function targetsOf({ type, options }: PlacedProcessor): readonly string[] {
  if (type === 'remove') return [];
  return [options.target_field ?? options.field].flat().filter((field) => typeof field === 'string');
}

function removes(processor: PlacedProcessor, field: string): boolean {
  if (processor.type === 'remove') return [processor.options.field].flat().includes(field);
  return processor.type === 'script' && String(processor.options.source).includes(`ctx.remove('${field}')`);
}

/** The tag is honoured where documents with it keep the event and those without do not, and a failed event gets the tag. */
const findOriginal = onStreams(({ folder, pipelines, expected }) => {
  const wrong = expected.flatMap(({ label, document }) => {
    const [wanted, kept] = [listAt(document, 'tags').includes(KEEP_TAG), isFilled(valueAt(document, 'event.original'))];
    return wanted === kept ? [] : [`${label}: event.original is ${kept ? 'kept without' : 'missing in spite of'} the tag ${KEEP_TAG}`];
  });
  const shown = new Set(expected.map(({ document }) => listAt(document, 'tags').includes(KEEP_TAG)));
  const failing = pipelines.filter(({ file, content }) => file.endsWith('/default.yml') && !JSON.stringify(content?.on_failure ?? []).includes(KEEP_TAG));
  return [
    ...wrong,
    ...(shown.size === 2 ? [] : [`${folder}: no expected documents both with and without the tag ${KEEP_TAG}`]),
    ...failing.map(({ file }) => `${file}: on_failure does not keep event.original with the tag ${KEEP_TAG}`),
  ];
});

const findAccess: Find = ({ processors }) =>
  processors.flatMap(({ label, type, options }) => [
    ...[options.if, type === 'script' ? options.source : undefined]
      .filter((text) => typeof text === 'string')
      .flatMap((text) => findUnsafeAccess(text).map((access) => `${label}: ${access}`)),
    ...(type === 'script' && options.ignore_failure === true && options.description === undefined ? [`${label} ignores its failures without a reason`] : []),
  ]);

const findIpv6 = onStreams(({ folder, fields, expected }) => {
  const names = new Set(fields.filter(({ type }) => type === 'ip').map(({ name }) => name));
  const values = expected.flatMap(({ document }) => toLeaves(document)).filter(([path]) => names.has(path));
  return names.size === 0 || values.some(([, value]) => isIPv6(String(value))) ? [] : [`${folder}: no expected document has an IPv6 address`];
});

const findIngested: Find = ({ processors }) =>
  processors
    .filter((processor) => targetsOf(processor).includes('event.ingested') || /\bingested\b/.test(String(processor.options.source ?? '')))
    .map(({ label }) => `${label} sets event.ingested, which Fleet's final pipeline does`);

const findGrok: Find = ({ processors }) =>
  processors
    .filter(({ type }) => type === 'grok')
    .filter(({ options }) => ![options.patterns].flat().every((pattern) => /^\^.*\$$/s.test(String(pattern))))
    .map(({ label }) => `${label} has a pattern that is not anchored at both ends`);

const constants = ['event.module', 'event.dataset', 'data_stream.type', 'data_stream.dataset', 'data_stream.namespace'];

const findConstants: Find = ({ processors }) =>
  processors
    .filter(({ type }) => type === 'set')
    .filter((processor) => targetsOf(processor).some((field) => constants.includes(field)))
    .map(({ label, options }) => `${label} sets ${options.field}, which is a constant of the mapping`);

const findTemporary = onStreams(({ pipelines, fixtures, expected }) => {
  const left = expected.flatMap(({ label, document }) => temporary.filter((key) => key in document).map((key) => `${label}: ${key} is left in the document`));
  const sent = temporary.filter((key) => fixtures.some(({ events }) => events.some((event) => key in event)));
  const kept = listPipelines({ streams: [{ pipelines }] } as unknown as PackageUnderTest).flatMap(({ file, processors }) =>
    sent
      .filter((key) => !processors.some((processor) => processor.place === 'failure' && removes(processor, key)))
      .map((key) => `${file}: on_failure leaves ${key}`),
  );
  return [...left, ...(pipelines.length === 1 ? kept : [])];
});

/** Rules on what pipelines read and write. */
export const pipelineContentRules: readonly Rule[] = [
  { id: 'P7', checks: `event.original stays with the tag ${KEEP_TAG} alone, and for a failed event`, check: findOriginal },
  { id: 'P8', checks: 'conditions and scripts read null-safely, no script hides its failures', check: onEach(findAccess) },
  { id: 'P8', checks: 'IPv6 addresses are among the expected documents', check: findIpv6 },
  { id: 'P9', checks: 'event.ingested is left to Fleet', check: onEach(findIngested) },
  { id: 'P10', checks: 'grok patterns are anchored', check: onEach(findGrok) },
  { id: 'P11', checks: 'event.module and event.dataset are constants of the mapping, not set', check: onEach(findConstants) },
  { id: 'P12', checks: "the sender's _conf and the parsed record are gone at the end, after a failure too", check: findTemporary },
];
