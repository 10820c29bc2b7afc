import { describe, expect, it } from 'vitest';

import { DefinitionError } from '../../../src/errors.ts';
import { toPipeline } from '../../../src/pipeline/elasticsearch/to-pipeline.ts';
import { converted, streamOf } from '../sketches.ts';
import { AUDIT, CONDITIONS, CONVERSIONS, STEPS } from '../streams.ts';

const options = { packageName: 'cloudflare_api', version: '0.1.0' };
const pipeline = toPipeline(AUDIT, options);
const typesOf = (processors: readonly object[]): string[] => processors.map((processor) => Object.keys(processor)[0] as string);
const scriptOf = (stream: typeof AUDIT): string => {
  const script = toPipeline(stream, options).processors.find((processor) => processor.script)?.script;
  return String(script?.source);
};

describe('toPipeline', () => {
  it('parses, maps in one script, looks up and cleans', () => {
    expect(typesOf(pipeline.processors)).toEqual(['rename', 'remove', 'json', 'script', 'geoip', 'geoip', 'script']);
  });

  it('marks a failure exactly as reviewers want it', () => {
    expect(pipeline.on_failure.slice(0, 3)).toEqual([
      { set: { field: 'event.kind', value: 'pipeline_error' } },
      {
        append: {
          field: 'error.message',
          value:
            'Processor {{{_ingest.on_failure_processor_type}}} with tag {{{_ingest.on_failure_processor_tag}}} in pipeline {{{_ingest.pipeline}}} failed with message: {{{_ingest.on_failure_message}}}',
        },
      },
      { append: { field: 'tags', value: 'preserve_original_event', allow_duplicates: false } },
    ]);
  });

  it('renames message by the two constant conditions', () => {
    expect(pipeline.processors.slice(0, 2)).toEqual([
      { rename: { tag: 'rename_message', field: 'message', target_field: 'event.original', ignore_missing: true, if: 'ctx.event?.original == null' } },
      { remove: { tag: 'remove_message', field: 'message', ignore_missing: true, if: 'ctx.event?.original != null' } },
    ]);
  });

  it.each([AUDIT, CONDITIONS, CONVERSIONS, STEPS])('gives every processor a tag of its own and never hides a failure', (stream) => {
    const { processors } = toPipeline(stream, options);
    const tags = processors.map((processor) => Object.values(processor)[0]?.tag);
    expect(tags).not.toContain(undefined);
    expect(new Set(tags).size).toBe(tags.length);
    expect(JSON.stringify(processors)).not.toContain('ignore_failure');
    expect(JSON.stringify(processors)).not.toContain('event.ingested');
  });

  it('has only the functions that the mapping calls', () => {
    const source = scriptOf(streamOf([converted('event.id', 'id')]));
    expect(source).toContain('def keyword(');
    expect(source).not.toContain('def object(');
    expect(source).not.toContain('def longValue(');
  });

  it('writes one line for a field, below what its object is tested for', () => {
    expect(scriptOf(AUDIT)).toContain(
      "  if (!in_actor.isEmpty()) {\n    put(doc_user, 'id', keyword(in_actor.get('id'), 'user.id', errors));\n    put(doc_user, 'email', lowercase(",
    );
  });

  it('names networks as ECS does, and keeps the original only for who asked', () => {
    const finish = pipeline.processors.at(-1)?.script;
    expect(finish).toMatchObject({ tag: 'finish_document' });
    expect(String(finish?.source)).toContain("nameNetwork(at(at(ctx, 'source'), 'as'));");
    expect(String(finish?.source)).toContain("if (!isTagged(ctx.get('tags'), 'preserve_original_event')) { mapOf(ctx.get('event')).remove('original'); }");
  });

  it('cuts long mappings into functions that Java can compile', () => {
    const source = scriptOf(streamOf(Array.from({ length: 100 }, (_, index) => converted(`t.f${index}`, `f${index}`))));
    expect(source.match(/^void map\d\(/gm)).toEqual(['void map1(', 'void map2(', 'void map3(', 'void map4(']);
  });

  it('refuses a mapping that is longer than Elasticsearch takes', () => {
    const stream = streamOf(Array.from({ length: 1000 }, (_, index) => converted(`cloudflare.audit.a_rather_long_name_${index}`, `f${index}`)));
    expect(() => toPipeline(stream, options)).toThrow(DefinitionError);
    expect(() => toPipeline(stream, options)).toThrow(
      /data_stream\/audit\/fields\.yml: the mapping makes a script of \d+ bytes, and Elasticsearch takes 65535/,
    );
  });

  it('compiles a stream without any field', () => {
    expect(scriptOf(streamOf([]))).toContain("if (!(record instanceof Map)) {\n  errors.add('event.original: the record is no JSON object');\n}\nif (");
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(pipeline))).toEqual(pipeline);
  });
});
