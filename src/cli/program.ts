import { Argument, Command, CommanderError, Option } from 'commander';
import { IntegrationError } from '../errors.ts';
import { type CommandDeclaration, commands, type OptionValues } from './commands.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCodes, toExitCode } from './exit-code.ts';
import { guardOutput } from './guard-output.ts';

/** Runs one command line. Expected errors are shown as one message with what to do next; anything else is a bug and shows its stack. */
export async function runProgram(argv: readonly string[], given: CommandContext): Promise<ExitCode> {
  const context = guardOutput(given);
  let exitCode: ExitCode = exitCodes.done;
  const program = toProgram(context, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.fixInput;
    context.stderr.write(`${renderError(error)}\n`);
    return toExitCode(error);
  }
}

function toProgram(context: CommandContext, finish: (code: ExitCode) => void): Command {
  const program = new Command('cloudflare-integration')
    .version(context.version, '--version', 'print the version')
    .description("Cloudflare's logs in Elasticsearch: build the package, install it, collect.")
    .configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: (text) => context.stderr.write(text) })
    .showHelpAfterError('Add --help to see what can be given.')
    .exitOverride()
    .helpCommand(true);
  for (const declaration of commands) addCommand(program, declaration, context, finish);
  return program;
}

function addCommand(program: Command, declaration: CommandDeclaration, context: CommandContext, finish: (code: ExitCode) => void): void {
  const command = program.command(declaration.name).summary(declaration.summary).description(declaration.description);
  for (const { name, description, choices } of declaration.args ?? []) {
    const argument = new Argument(name, description);
    command.addArgument(choices === undefined ? argument : argument.choices(choices));
  }
  for (const { flags, description, fallback, choices } of declaration.options) {
    const option = new Option(flags, description);
    if (fallback !== undefined) option.default(fallback);
    if (choices !== undefined) option.choices(choices);
    command.addOption(option);
  }
  command.addHelpText('after', `\nExamples:\n${declaration.examples.map((line) => `  $ cloudflare-integration ${line}`).join('\n')}`);
  command.copyInheritedSettings(program).action(async (...given: unknown[]) => {
    const args = given.slice(0, declaration.args?.length ?? 0).flatMap((value) => (value === undefined ? [] : [String(value)]));
    const run = await declaration.load();
    finish(await run({ args, options: command.opts<OptionValues>() }, context));
  });
}

/** The message, its cause and what to do; the stack where nobody foresaw the error. */
export function renderError(error: unknown): string {
  if (!(error instanceof IntegrationError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `This is a bug in cloudflare-integration; please report it with these lines:\n${stack}`;
  }
  return `${error.message}\n  ${error.hint}`;
}
