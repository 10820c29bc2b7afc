import { toBudgetKey } from '../../cloudflare/budget-key.ts';
import { checkCloudflare } from '../check-cloudflare.ts';
import { checkElasticsearch } from '../check-elasticsearch.ts';
import type { RunCommand } from '../commands.ts';
import { exitCodes } from '../exit-code.ts';
import type { Finding } from '../finding.ts';
import { openEdge } from '../open-edge.ts';
import { type Opened, openSettings } from '../open-settings.ts';
import { refuseUnfit } from '../refuse-unfit.ts';

/**
 * `check`: one line for each thing tried. Exit code 2 where nothing could be collected: Elasticsearch is not ready, or every account
 * and zone is refused; 1 where some are.
 */
export const runCheck: RunCommand = async (invocation, context) => {
  const opened = await openSettings(invocation, context);
  await openEdge(opened);
  refuseUnfit(opened, opened.settings.connections.map(toBudgetKey));
  const show = (finding: Finding): void => void context.stdout.write(`${render(finding)}\n`);
  const ready = await checkElasticsearch(opened, show);
  const unfit = checkPolicies(opened, show);
  const { tried, refused } = await checkCloudflare(opened, context, show);
  if (!ready || (tried + unfit > 0 && refused === tried)) return exitCodes.fixInput;
  return refused + unfit > 0 ? exitCodes.failed : exitCodes.done;
};

/** How many integration policies cannot be collected. */
function checkPolicies({ fleet, settings }: Opened, show: (finding: Finding) => void): number {
  if (fleet === undefined) return 0;
  const what = `integration policies of ${fleet.address}`;
  const good = settings.connections.filter(({ policy }) => policy !== undefined).length;
  const faults = fleet.refused.flatMap((error) => error.faults);
  for (const { file, path, message, hint } of faults) show({ state: 'FAIL', what: `${file}${path === '' ? '' : ` ${path}`}`, detail: message, hint });
  const hint = 'Add the integration in Kibana, or name the space of its policies under kibana.space in the settings.';
  if (good + faults.length === 0) show({ state: 'FAIL', what, detail: 'there is none of this package that is switched on', hint });
  else show({ state: 'ok', what, detail: `${good} can be collected` });
  return good + faults.length === 0 ? 1 : fleet.refused.length;
}

function render({ state, what, detail, hint }: Finding): string {
  return `  ${state.padEnd(4)}  ${what}${detail === undefined ? '' : `: ${detail}`}${hint === undefined ? '' : `\n        ${hint}`}`;
}
