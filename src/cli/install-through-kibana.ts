import { resolve } from 'node:path';
import { apiFacts } from '../cloudflare/api-facts.ts';
import { openElasticsearch } from '../elasticsearch/client.ts';
import { installInKibana } from '../kibana/install-in-kibana.ts';
import { type Done, install } from '../package/install.ts';
import { toStateTemplate } from '../package/state-template.ts';
import { zipPackage } from '../package/zip-package.ts';
import { loadConnections } from '../settings/load-connections.ts';
import type { Invocation } from './commands.ts';
import { connectKibana } from './connect-kibana.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Opened, openSettings } from './open-settings.ts';
import { renderDone } from './render-done.ts';

/** `install --kibana`: uploads the package, makes integration policies, and prints what was done. */
export async function installThroughKibana(invocation: Invocation, context: CommandContext): Promise<ExitCode> {
  const { options } = invocation;
  const opened = await openSettings(invocation, context, { connections: 'optional' });
  const { definition } = opened;
  const packageOnly = options.packageOnly === true;
  const connections = packageOnly ? [] : await loadConnections(resolve(context.cwd, String(options.config)), context.env, definition);
  const zip = await zipPackage(definition, { projectFolder: context.projectFolder, api: apiFacts });
  const kibana = await connectKibana(opened, typeof options.kibana === 'string' ? options.kibana : undefined, context.env);
  try {
    const steps = await installInKibana(
      kibana,
      { ...definition, zip },
      {
        connections,
        agentPolicy: typeof options.agentPolicy === 'string' ? options.agentPolicy : undefined,
        updatePolicies: options.updatePolicies === true,
        withoutSecrets: options.withoutSecrets === true,
        signal: context.signal,
      },
    );
    context.stdout.write(`${renderDone(steps)}\n${definition.name} ${definition.version} is installed in ${kibana.url}\n`);
  } finally {
    await kibana.close();
  }
  const done = await installState(opened);
  if (done.length > 0) context.stdout.write(`${renderDone(done)}\n`);
  context.stdout.write(`${NEXT}\n`);
  return exitCodes.done;
}

const NEXT = 'Now collect: with `collect`, or with an Elastic Agent that runs an agent policy of the integration; never with both for one account or zone.';

/** Where collectors share their state, its index needs a template, which Kibana does not bring. */
async function installState({ definition, settings, userAgent }: Opened): Promise<readonly Done[]> {
  if (settings.state.store !== 'elasticsearch') return [];
  const client = await openElasticsearch(settings.elasticsearch, { userAgent });
  try {
    return await install(client, { pipelines: {}, componentTemplates: {}, indexTemplates: toStateTemplate(definition) }, definition);
  } finally {
    await client.close();
  }
}
