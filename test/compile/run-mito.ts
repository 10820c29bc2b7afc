import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileCelProgram } from '../../src/compile/compile-cel-program.ts';
import type { StreamDefinition } from '../../src/definition/definition.ts';

/** What one evaluation of a program returns. */
export interface CelRound {
  readonly events: readonly CelEvent[] | { readonly error: { readonly message: string } };
  readonly cursor?: Readonly<Record<string, { readonly until: string }>>;
  readonly want_more: boolean;
  readonly [key: string]: unknown;
}

export interface CelEvent {
  readonly message?: string;
  readonly _conf: Readonly<Record<string, unknown>>;
}

interface MitoRun {
  readonly program: string;
  readonly state: object;
  /** Evaluations at most. */
  readonly rounds: number;
}

const OUTPUT_LIMIT = 512 * 1024 * 1024;

/** Splits what mito prints: indented objects, one after the other. */
function parseRounds(output: string): readonly CelRound[] {
  return output
    .split(/^(?=\{$)/m)
    .filter((text) => text.trim() !== '')
    .map((text) => JSON.parse(text) as CelRound);
}

/**
 * Evaluates a CEL program as the input does: again and again while it wants more.
 * @throws Error with what mito says, where the program fails
 */
async function runMito(mito: string, { program, state, rounds }: MitoRun): Promise<readonly CelRound[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mito-'));
  try {
    await writeFile(join(folder, 'state.json'), JSON.stringify(state));
    await writeFile(join(folder, 'program.cel'), program);
    const args = ['-max_executions', String(rounds), '-data', join(folder, 'state.json'), join(folder, 'program.cel')];
    return parseRounds(
      await new Promise<string>((resolve, reject) => {
        execFile(mito, args, { maxBuffer: OUTPUT_LIMIT }, (error, stdout, stderr) => {
          if (error === null && stderr === '') resolve(stdout);
          else reject(new Error(stderr || String(error)));
        });
      }),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs the program of a stream; `state` is what the form gives, and what an earlier run left. */
export function runSource(mito: string, stream: StreamDefinition, state: object, rounds = 20): Promise<readonly CelRound[]> {
  const program = compileCelProgram(stream);
  const given = { user_agent: 'test', initial_interval: '2h', api_token: 'secret', fields: ['standard'], ...state };
  return runMito(mito, { program, state: given, rounds });
}

/** The records that a run published, without what is only for the input. */
export function toPublished(rounds: readonly CelRound[]): readonly CelEvent[] {
  return rounds.flatMap(({ events }) => (Array.isArray(events) ? (events as readonly CelEvent[]) : [])).filter(({ _conf }) => _conf.empty !== true);
}
