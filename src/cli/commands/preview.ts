import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { closest } from 'fastest-levenshtein';
import type { PackageDefinition, SourceDefinition, StreamDefinition } from '../../definition/definition.ts';
import { readDefinition } from '../../definition/read-definition.ts';
import { openLookUps } from '../../enrichment/open-look-ups.ts';
import { UsageError } from '../../errors.ts';
import { compileRunner, stringifyDocument } from '../../pipeline/local/compile-runner.ts';
import type { LookUps } from '../../pipeline/look-ups.ts';
import { loadGeoip } from '../../settings/load-geoip.ts';
import { type RunCommand, SETTINGS_FILE } from '../commands.ts';
import type { CommandContext } from '../context.ts';
import { exitCodes } from '../exit-code.ts';
import { openLog } from '../log.ts';
import { logLeftOut } from '../note-left-out.ts';
import { splitRecords } from '../split-records.ts';

/** `preview`: one document per line on stdout, as the ingest pipeline would make it, but for what it has no database to look up in; of a record that a rule leaves out, the name of the rule. */
export const runPreview: RunCommand = async ({ args, options }, context) => {
  const definition = await readDefinition(context.projectFolder);
  const stream = findStream(definition, options.stream);
  const source = findSource(stream, options.source);
  const content = args[0] === '-' ? await context.readStdin() : await readInput(resolve(context.cwd, String(args[0])));
  const run = compileRunner(stream, await openPreviewLookUps(String(options.config), stream, context));
  const conf = { source: source.name, [`${source.scope}_id`]: String(options.scopeId) };
  for (const raw of splitRecords(content, source.records)) {
    const { id, document, dropped } = run({ message: raw.toString('utf8'), _conf: conf, tags: ['preserve_original_event'] }, new Date());
    context.stdout.write(`${dropped === undefined ? stringifyDocument({ _id: id, ...document }) : JSON.stringify({ _id: id, dropped })}\n`);
  }
  return exitCodes.done;
};

async function openPreviewLookUps(config: string, stream: StreamDefinition, context: CommandContext): Promise<LookUps> {
  const file = resolve(context.cwd, config);
  const isAbsent = config === SETTINGS_FILE && !existsSync(file);
  const geoip = isAbsent ? {} : await loadGeoip(file, context.env);
  logLeftOut(openLog({ stream: context.stderr, now: () => new Date() }), [stream], geoip);
  return openLookUps(geoip, basename(file));
}

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
