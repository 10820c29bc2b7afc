import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeLeftoversAtExit } from '../elasticsearch/leftovers.ts';
import { type ProvidedElasticsearch, provideElasticsearch } from '../elasticsearch/provide-elasticsearch.ts';
import { runMain } from '../run-main.ts';
import { sharePartitions } from './collectors/share-partitions.ts';
import { type ChaosOptions, readCommandLine, USAGE } from './command-line.ts';
import { playFaults } from './faults/play-faults.ts';
import { killAtRandom } from './kills/kill-at-random.ts';
import { measureMemory } from './memory/measure-memory.ts';
import { openStage, type Stage } from './open-stage.ts';
import { type Ground, PARTS, type Part, type PartName } from './part.ts';
import { compileProgram } from './program.ts';
import { upgradeWhileCollecting } from './upgrade/upgrade-while-collecting.ts';

const RUNS: Readonly<Record<PartName, Part>> = {
  kills: killAtRandom,
  faults: playFaults,
  collectors: sharePartitions,
  memory: measureMemory,
  upgrade: upgradeWhileCollecting,
};

/** Resolves with how much was violated. */
async function run(options: ChaosOptions): Promise<number> {
  const engine = await provideElasticsearch({ env: process.env, ways: ['url', 'home', 'docker'], heap: '768m', log: (line) => console.error(line) });
  const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
  const stages: Stage[] = [];
  try {
    if (!engine.capabilities.ingest) throw new RangeError(`this Elasticsearch has no ingest processors (${engine.why})`);
    await compileProgram(folder);
    return await runParts(options, toGround({ options, engine, folder, stages }));
  } finally {
    for (const { scene } of stages) await scene.close();
    await rm(folder, { recursive: true, force: true });
    await engine.stop();
  }
}

interface Given {
  readonly options: ChaosOptions;
  readonly engine: ProvidedElasticsearch;
  readonly folder: string;
  readonly stages: Stage[];
}

function toGround({ options, engine, folder, stages }: Given): Ground {
  return {
    openStage: async (given) => {
      const stage = await openStage(engine, folder, given);
      stages.push(stage);
      return stage;
    },
    dist: folder,
    seed: options.seed,
    short: options.short,
    kills: options.kills,
    print: (line) => console.log(line),
  };
}

async function runParts({ only, seed }: ChaosOptions, ground: Ground): Promise<number> {
  const started = performance.now();
  const violations: string[] = [];
  for (const { name, title } of PARTS.filter((part) => only.length === 0 || only.includes(part.name))) {
    const began = performance.now();
    console.log(`\n${name}: ${title}`);
    const found = await RUNS[name](ground);
    for (const violation of found) console.log(`  VIOLATED ${violation}`);
    console.log(`  ${found.length} violations (${((performance.now() - began) / 1000).toFixed(0)} s)`);
    violations.push(...found);
  }
  console.log(`\n${violations.length} violations (seed ${seed}, ${((performance.now() - started) / 1000).toFixed(0)} s)`);
  return violations.length;
}

async function main(): Promise<void> {
  const options = readCommandLine(process.argv.slice(2));
  if (options.help) console.log(USAGE);
  else if ((await run(options)) > 0) process.exitCode = 1;
}

removeLeftoversAtExit();
runMain('chaos', main);
