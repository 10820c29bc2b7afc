import type { TestProject } from 'vitest/node';
import { removeLeftoversAtExit } from '../_dev/elasticsearch/leftovers.ts';
import { startEngineBroker } from '../_dev/test/engine-broker.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test files ask for the run's engines; see engines.ts. */
    readonly engineBroker: string;
  }
}

/** Once per vitest run: makes engines available to `engineOrSkip`. None is started before a test file asks for it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  removeLeftoversAtExit();
  const broker = await startEngineBroker(process.env, (line) => process.stderr.write(`${line}\n`));
  project.provide('engineBroker', broker.url);
  return broker.stop;
}
