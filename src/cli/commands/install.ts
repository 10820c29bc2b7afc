import { readDefinition } from '../../definition/read-definition.ts';
import { openElasticsearch } from '../../elasticsearch/client.ts';
import { UsageError } from '../../errors.ts';
import { install } from '../../package/install.ts';
import { toRoles } from '../../package/roles.ts';
import { toArtefacts } from '../../package/to-artefacts.ts';
import type { Invocation, RunCommand } from '../commands.ts';
import { exitCodes } from '../exit-code.ts';
import { installThroughKibana } from '../install-through-kibana.ts';
import { noteLeftOut } from '../note-left-out.ts';
import { openSettings } from '../open-settings.ts';
import { renderDone } from '../render-done.ts';

/** `install`: prints each thing that was put, updated or kept, in Elasticsearch or through Kibana. */
export const runInstall: RunCommand = async (invocation, context) => {
  if (invocation.options.printRoles === true) {
    const { name, streams } = await readDefinition(context.projectFolder);
    const roles = toRoles({ packageName: name, streams: streams.map((stream) => stream.name) });
    context.stdout.write(`${JSON.stringify(roles, undefined, 2)}\n`);
    return exitCodes.done;
  }
  if (invocation.options.kibana !== undefined) return installThroughKibana(invocation, context);
  refuseWithoutKibana(invocation);
  const opened = await openSettings(invocation, context, { connections: 'optional' });
  const { definition, settings, userAgent } = opened;
  noteLeftOut(opened);
  const client = await openElasticsearch(settings.elasticsearch, { userAgent });
  try {
    const done = await install(client, toArtefacts(definition, { pipeline: settings.elasticsearch.pipeline }), definition);
    context.stdout.write(`${renderDone(done)}\n${definition.name} ${definition.version} is installed in ${client.url}\n`);
  } finally {
    await client.close();
  }
  return exitCodes.done;
};

const KIBANA_OPTIONS = {
  agentPolicy: '--agent-policy',
  packageOnly: '--package-only',
  updatePolicies: '--update-policies',
  withoutSecrets: '--without-secrets',
} as const;

function refuseWithoutKibana({ options }: Invocation): void {
  const lonely = Object.entries(KIBANA_OPTIONS).find(([name]) => options[name] !== undefined);
  if (lonely !== undefined) throw new UsageError(`${lonely[1]} is for installing through Kibana`, { hint: 'Add --kibana URL, or leave it out.' });
}
