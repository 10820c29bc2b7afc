import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { importState, parseStateExport, toStateExport } from '../../collect/state-export.ts';
import { suggest } from '../../definition/suggest.ts';
import { StateError, UsageError } from '../../errors.ts';
import { changeState, readState } from '../change-state.ts';
import type { OptionValues, RunCommand } from '../commands.ts';
import type { CommandContext } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { type Opened, openSettings } from '../open-settings.ts';
import { renderState, toStateRows } from '../render-state.ts';

interface Asked {
  readonly opened: Opened;
  readonly context: CommandContext;
  /** The key or the file. */
  readonly target: string | undefined;
  readonly options: OptionValues;
}

type Act = (asked: Asked) => Promise<ExitCode>;

/** `state`: looks at checkpoints, also while collectors run, and changes them by hand. */
export const runState: RunCommand = async (invocation, context) => {
  const [name = '', target] = invocation.args;
  const act = acts[name];
  if (act === undefined) throw new UsageError(`state ${name}: there is no such action`, { hint: `Use one of: ${Object.keys(acts).join(', ')}.` });
  return act({ opened: await openSettings(invocation, context, { connections: 'optional' }), context, target, options: invocation.options });
};

const list: Act = async ({ opened, context, options }) => {
  const { entries } = await readState(opened);
  context.stdout.write(`${options.json === true ? JSON.stringify(toStateRows(entries)) : renderState(entries)}\n`);
  return exitCodes.done;
};

const show: Act = async ({ opened, context, target }) => {
  const { entries } = await readState(opened);
  const key = target ?? missing('show', 'KEY');
  const entry = entries.find((candidate) => candidate.key === key) ?? unknownKey(key, entries);
  context.stdout.write(`${JSON.stringify(entry, undefined, 2)}\n`);
  return exitCodes.done;
};

const reset: Act = async ({ opened, context, target, options }) => {
  const all = options.all === true;
  if (all === (target !== undefined)) throw new UsageError('state reset takes a KEY or --all', { hint: '`state list` shows the keys.' });
  const { entries } = await readState(opened);
  const keys = all ? entries.map(({ key }) => key) : entries.some(({ key }) => key === target) ? [String(target)] : unknownKey(String(target), entries);
  if (options.yes !== true) {
    throw new UsageError(`state reset would forget ${keys.length} checkpoints: ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', ...' : ''}`, {
      hint: 'Nothing was changed. Those partitions would begin anew, with initial_interval; what is stored then may be stored twice. To do it, add --yes.',
    });
  }
  const forget = async ({ store }: Parameters<Parameters<typeof changeState>[1]>[0]): Promise<void> => {
    for (const key of keys) await store.remove(key, { evenHeld: options.force === true });
    if (all) await store.unbind();
  };
  await changeState({ opened, context }, forget, { unbound: true });
  context.stdout.write(`${keys.length} checkpoints are forgotten\n`);
  return exitCodes.done;
};

const exportTo: Act = async ({ opened, context, target }) => {
  const file = resolve(context.cwd, target ?? missing('export', 'FILE'));
  const { entries, clusterId } = await readState(opened);
  if (clusterId === undefined) throw new StateError('there is no state to export', { hint: 'Check state in the settings, or collect first.' });
  const given = toStateExport(entries, { clusterId, now: new Date() });
  await writeFile(file, `${JSON.stringify(given, undefined, 2)}\n`, { mode: 0o600 }).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`${target} cannot be written (${cause.code})`, { hint: 'Name a file in a folder that this user may write.', cause });
  });
  context.stdout.write(`${given.partitions.length} checkpoints are exported to ${target}\n`);
  return exitCodes.done;
};

const importFrom: Act = async ({ opened, context, target, options }) => {
  const file = target ?? missing('import', 'FILE');
  const text = await readFile(resolve(context.cwd, file), 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${cause.code})`, { hint: 'Name a file that `state export` wrote.', cause });
  });
  const given = parseStateExport(text, file);
  const saved = await changeState({ opened, context }, ({ store, clusterId }) => importState(store, given, { clusterId, force: options.force === true }));
  context.stdout.write(`${saved} checkpoints are imported from ${file}\n`);
  return exitCodes.done;
};

const acts: Readonly<Record<string, Act>> = { list, show, reset, export: exportTo, import: importFrom };

function missing(action: string, what: string): never {
  throw new UsageError(`state ${action} needs a ${what}`, { hint: `Write \`state ${action} ${what}\`; --help has examples.` });
}

function unknownKey(key: string, entries: readonly { readonly key: string }[]): never {
  throw new UsageError(`no checkpoint has the key ${key}`, {
    hint: `${suggest(
      key,
      entries.map((entry) => entry.key),
    )} \`state list\` shows the keys.`.trim(),
  });
}
