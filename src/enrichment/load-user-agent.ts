import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { load } from 'js-yaml';
import { type AgentPatterns, compileUserAgent } from './compile-user-agent.ts';

/** The look-up of user agents by the patterns of uap-core, which Elasticsearch's `user_agent` processor uses too; reading them takes a tenth of a second. */
export async function loadUserAgent(): Promise<ReturnType<typeof compileUserAgent>> {
  const path = createRequire(import.meta.url).resolve('uap-core/regexes.yaml');
  return compileUserAgent(load(await readFile(path, 'utf8')) as AgentPatterns);
}
