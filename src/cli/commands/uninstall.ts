import { openElasticsearch } from '../../elasticsearch/client.ts';
import { UsageError } from '../../errors.ts';
import { uninstall } from '../../package/uninstall.ts';
import type { RunCommand } from '../commands.ts';
import { exitCodes } from '../exit-code.ts';
import { openSettings } from '../open-settings.ts';
import { renderDone } from '../render-done.ts';
import { uninstallThroughKibana } from '../uninstall-through-kibana.ts';

/** `uninstall`: prints each thing that was removed. */
export const runUninstall: RunCommand = async (invocation, context) => {
  if (invocation.options.kibana !== undefined) return uninstallThroughKibana(invocation, context);
  if (invocation.options.deletePolicies === true) throw new UsageError('--delete-policies is for Kibana', { hint: 'Add --kibana URL, or leave it out.' });
  const { definition, settings, userAgent } = await openSettings(invocation, context, { connections: 'optional' });
  const client = await openElasticsearch(settings.elasticsearch, { userAgent });
  try {
    const done = await uninstall(client, definition.name, { deleteData: invocation.options.deleteData === true });
    const end = done.length === 0 ? `${definition.name} is not installed in ${client.url}` : `${definition.name} is removed from ${client.url}`;
    context.stdout.write(`${renderDone(done)}${done.length === 0 ? '' : '\n'}${end}\n`);
  } finally {
    await client.close();
  }
  return exitCodes.done;
};
