import { checkCloudflare } from '../check-cloudflare.ts';
import { checkElasticsearch } from '../check-elasticsearch.ts';
import type { RunCommand } from '../commands.ts';
import { exitCodes } from '../exit-code.ts';
import type { Finding } from '../finding.ts';
import { openEdge } from '../open-edge.ts';
import { openSettings } from '../open-settings.ts';

/**
 * `check`: one line for each thing tried. Exit code 2 where nothing could be collected: Elasticsearch is not ready, or every account
 * and zone is refused; 1 where some are.
 */
export const runCheck: RunCommand = async (invocation, context) => {
  const opened = await openSettings(invocation, context);
  await openEdge(opened);
  const show = (finding: Finding): void => void context.stdout.write(`${render(finding)}\n`);
  const ready = await checkElasticsearch(opened, show);
  const { tried, refused } = await checkCloudflare(opened, context, show);
  if (!ready || (tried > 0 && refused === tried)) return exitCodes.fixInput;
  return refused > 0 ? exitCodes.failed : exitCodes.done;
};

function render({ state, what, detail, hint }: Finding): string {
  return `  ${state.padEnd(4)}  ${what}${detail === undefined ? '' : `: ${detail}`}${hint === undefined ? '' : `\n        ${hint}`}`;
}
