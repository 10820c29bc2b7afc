import { fileURLToPath } from 'node:url';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { removeLeftoversAtExit } from '../elasticsearch/leftovers.ts';
import { NoElasticsearchError, provideElasticsearch } from '../elasticsearch/provide-elasticsearch.ts';
import { benchPipelines } from './bench-pipelines.ts';
import { readCommandLine, USAGE } from './command-line.ts';
import { PipelineFault } from './read-pipelines.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const definition = await readDefinition(PROJECT);
  const engine = await provideElasticsearch({ env: process.env, ways: ['url', 'home', 'docker'], log: (line) => console.error(line) });
  try {
    if (!engine.capabilities.ingest) throw new PipelineFault(`this Elasticsearch has no ingest processors (${engine.why})`);
    await benchPipelines(engine, { options, definition, print: (line) => console.log(line), log: (line) => console.error(line) });
  } finally {
    await engine.stop();
  }
}

removeLeftoversAtExit();
main().catch((error: unknown) => {
  const isUsage = error instanceof RangeError || (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  const wrongInput = isUsage || error instanceof PipelineFault || error instanceof NoElasticsearchError;
  console.error(wrongInput ? `${(error as Error).message}\n\nnpm run bench:pipeline -- --help` : error);
  process.exitCode = wrongInput ? 2 : 1;
});
