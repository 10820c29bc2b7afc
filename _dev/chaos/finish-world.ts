import { isDeepStrictEqual } from 'node:util';
import { NO_DEVIATIONS } from '../../test/e2e/compare-with-ledger.ts';
import { type ChaosWorld, STREAMS } from './chaos-world.ts';
import type { Program } from './program.ts';

interface Finishing {
  readonly world: ChaosWorld;
  readonly program: Program;
  readonly cwd: string;
  /** Whether what a document holds is compared too. */
  readonly content: boolean;
}

/** Collects the rest, then compares everything with the ledger; resolves with what is wrong and how much is stored. */
export async function finishWorld({ content, cwd, program, world }: Finishing): Promise<{ readonly documents: number; readonly wrong: readonly string[] }> {
  const child = program.start(['collect', '--once', '--config', world.file], cwd);
  const code = await child.ended;
  const wrong = code === 0 ? [] : [`the last run ended with ${code}: ${child.stderr().slice(-1500)}`];
  let documents = 0;
  for (const stream of STREAMS) {
    const stored = await world.read(stream);
    documents += stored.length;
    const { different, ...ids } = world.compare(stream, stored);
    const found = { ...ids, different: content ? different : {} };
    if (!isDeepStrictEqual(found, NO_DEVIATIONS)) wrong.push(`${stream} is not what the ledger holds: ${JSON.stringify(found)}`);
  }
  return { documents, wrong };
}
