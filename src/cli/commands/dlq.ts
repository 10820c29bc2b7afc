import { UsageError } from '../../errors.ts';
import type { RunCommand } from '../commands.ts';
import type { CommandContext } from '../context.ts';
import { type DlqOptions, toDlqOptions } from '../dlq-options.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { type Dlq, openDlq } from '../open-dlq.ts';
import { type Opened, openSettings } from '../open-settings.ts';
import { renderList, renderReplay, toListJson, toReplayJson } from '../render-dead-letters.ts';

/** `dlq list` and `dlq replay`. Exit code 1 where some letters remain after a replay, or where Elasticsearch could not be asked for its own. */
export const runDlq: RunCommand = async (invocation, context) => {
  const opened = await openSettings(invocation, context);
  opened.fleet?.tell();
  const options = toDlqOptions(invocation, opened);
  const dlq = await openDlq(opened, context, options);
  try {
    return options.action === 'list' || options.dryRun ? await runList(dlq, options, { opened, context }) : await runReplay(dlq, options, { opened, context });
  } finally {
    await dlq.close();
  }
};

interface Surroundings {
  readonly opened: Opened;
  readonly context: CommandContext;
}

async function runList(dlq: Dlq, options: DlqOptions, { opened, context }: Surroundings): Promise<ExitCode> {
  const list = await dlq.list();
  checkFound(options, list.letters.length + list.stored);
  context.stdout.write(`${options.json ? JSON.stringify(toListJson(list, options.limit)) : renderList(list, options.limit)}\n`);
  if (list.error === undefined) return exitCodes.done;
  opened.log('warn', `only the file is listed: ${list.error.message}. ${list.error.hint}`);
  return exitCodes.failed;
}

async function runReplay(dlq: Dlq, options: DlqOptions, { opened, context }: Surroundings): Promise<ExitCode> {
  const report = await dlq.replay();
  checkFound(options, report.created + report.duplicate + report.dropped + report.remaining.length);
  context.stdout.write(`${options.json ? JSON.stringify(toReplayJson(report)) : renderReplay(report)}\n`);
  for (const { message, hint } of report.errors) opened.log('warn', `${message}. ${hint}`);
  return report.remaining.length + report.errors.length > 0 ? exitCodes.failed : exitCodes.done;
}

function checkFound({ ids }: DlqOptions, found: number): void {
  if (ids.length > 0 && found === 0) throw new UsageError('no dead letter has such an id', { hint: 'Take the ids from `dlq list --json`.' });
}
