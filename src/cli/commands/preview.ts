import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { closest } from 'fastest-levenshtein';
import type { PackageDefinition, SourceDefinition, StreamDefinition } from '../../definition/definition.ts';
import { readDefinition } from '../../definition/read-definition.ts';
import { UsageError } from '../../errors.ts';
import { compileRunner, stringifyDocument } from '../../pipeline/local/compile-runner.ts';
import type { RunCommand } from '../commands.ts';
import { exitCodes } from '../exit-code.ts';
import { splitRecords } from '../split-records.ts';

/** `preview`: one document per line on stdout, as the ingest pipeline would make it, but for what only Elasticsearch can look up. */
export const runPreview: RunCommand = async ({ args, options }, context) => {
  const definition = await readDefinition(context.projectFolder);
  const stream = findStream(definition, options.stream);
  const source = findSource(stream, options.source);
  const content = args[0] === '-' ? await context.readStdin() : await readInput(resolve(context.cwd, String(args[0])));
  const run = compileRunner(stream);
  const conf = { source: source.name, [`${source.scope}_id`]: String(options.scopeId) };
  for (const raw of splitRecords(content, source.records)) {
    const { id, document } = run({ message: raw.toString('utf8'), _conf: conf, tags: ['preserve_original_event'] }, new Date());
    context.stdout.write(`${stringifyDocument({ _id: id, ...document })}\n`);
  }
  return exitCodes.done;
};

function findStream({ streams }: PackageDefinition, name: unknown): StreamDefinition {
  const known = streams.filter(({ sources }) => sources.length > 0);
  const names = known.map((stream) => stream.name);
  const found = known.find((stream) => stream.name === name);
  if (found !== undefined) return found;
  const hint =
    name === undefined ? `Add --stream NAME, one of: ${names.join(', ')}.` : `Did you mean ${closest(String(name), names)}? There are: ${names.join(', ')}.`;
  throw new UsageError(name === undefined ? 'preview needs to know the data stream' : `${String(name)} is not a data stream with a source`, { hint });
}

function findSource(stream: StreamDefinition, name: unknown): SourceDefinition {
  const names = stream.sources.map((source) => source.name);
  const found = name === undefined ? stream.sources[0] : stream.sources.find((source) => source.name === name);
  if (found !== undefined) return found;
  throw new UsageError(`${String(name)} is not a source of ${stream.name}`, { hint: `Use one of: ${names.join(', ')}.` });
}

async function readInput(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`the file ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`, { hint: 'Correct the path; - reads standard input.' });
  }
}
