import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDefinition } from '../../src/definition/read-definition.ts';
import { removeLeftoversAtExit } from '../elasticsearch/leftovers.ts';
import { provideElasticsearch } from '../elasticsearch/provide-elasticsearch.ts';
import { runMain } from '../run-main.ts';
import { type FuzzOptions, readCommandLine, USAGE } from './command-line.ts';
import { fuzz } from './fuzz.ts';
import { writeCase } from './write-case.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** Resolves with the number of events whose documents differ. */
async function run(options: FuzzOptions): Promise<number> {
  const started = performance.now();
  const definition = await readDefinition(PROJECT);
  const engine = await provideElasticsearch({ env: process.env, ways: ['url', 'home', 'docker'], log: (line) => console.error(line) });
  const { credentials } = engine;
  const url = credentials === undefined ? engine.url : engine.url.replace('://', `://${credentials.username}:${credentials.password}@`);
  let events = 0;
  let different = 0;
  try {
    if (!engine.capabilities.ingest) throw new RangeError(`this Elasticsearch has no ingest processors (${engine.why})`);
    for await (const result of fuzz({ url }, { ...options, project: PROJECT, definition })) {
      events += result.events;
      different += result.different;
      const { stream, failed, dropped } = result;
      console.log(`${stream}: ${result.events} events, ${failed} of them marked as failed, ${dropped} left out, ${result.different} differences`);
      for (const found of result.cases) {
        const file = await writeCase(resolve(options.out ?? resolve(PROJECT, 'test/pipeline/fuzz-cases')), found);
        console.log(`  ${found.differences.join(', ')}\n  ${JSON.stringify(found.event)}\n  kept as ${relative(process.cwd(), file)}`);
      }
    }
  } finally {
    await engine.stop();
  }
  console.log(`${events} events, ${different} differences (seed ${options.seed}, ${((performance.now() - started) / 1000).toFixed(0)} s)`);
  return different;
}

async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2));
  if (options.help) console.log(USAGE);
  else if ((await run(options)) > 0) process.exitCode = 1;
}

removeLeftoversAtExit();
runMain('fuzz', main);
