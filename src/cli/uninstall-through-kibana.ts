import { UsageError } from '../errors.ts';
import { uninstallFromKibana } from '../kibana/uninstall-from-kibana.ts';
import type { Invocation } from './commands.ts';
import { connectKibana } from './connect-kibana.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { openSettings } from './open-settings.ts';
import { renderDone } from './render-done.ts';

/** `uninstall --kibana`: prints each thing that was removed. */
export async function uninstallThroughKibana(invocation: Invocation, context: CommandContext): Promise<ExitCode> {
  const { options } = invocation;
  if (options.deleteData === true) {
    throw new UsageError('--delete-data does not go with --kibana', {
      hint: 'Uninstall with --kibana alone, then delete the data streams under Index Management in Kibana.',
    });
  }
  const opened = await openSettings(invocation, context, { connections: 'optional' });
  const kibana = await connectKibana(opened, typeof options.kibana === 'string' ? options.kibana : undefined, context.env);
  const { name } = opened.definition;
  try {
    const done = await uninstallFromKibana(kibana, name, { deletePolicies: options.deletePolicies === true, signal: context.signal });
    const end = done.length === 0 ? `${name} is not installed in ${kibana.url}` : `${name} is removed from ${kibana.url}`;
    context.stdout.write(`${renderDone(done)}${done.length === 0 ? '' : '\n'}${end}\n`);
  } finally {
    await kibana.close();
  }
  return exitCodes.done;
}
