import { NoElasticsearchError } from './elasticsearch/provide-elasticsearch.ts';

/** Runs what `npm run NAME` starts. Wrong input, or no engine, ends with its message and exit code 2; anything else with its stack and 1. */
export function runMain(name: string, main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    const isUsage = error instanceof RangeError || (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
    const wrongInput = isUsage || error instanceof NoElasticsearchError;
    console.error(wrongInput ? `${(error as Error).message}\n\nnpm run ${name} -- --help` : error);
    process.exitCode = wrongInput ? 2 : 1;
  });
}
