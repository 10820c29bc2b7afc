import { IntegrationError, KibanaError } from '../errors.ts';

/** Something that was done: how it is taken back, or why it stays. */
export type Undo = { readonly what: string } & ({ readonly run: () => Promise<unknown> } | { readonly stays: string });

/** Takes back what was done, the last first; resolves with the error, which then says what was taken back and what was not. */
export async function takeBack(error: KibanaError, undos: readonly Undo[]): Promise<KibanaError> {
  const lines: string[] = [];
  for (const undo of undos.toReversed()) lines.push(await takeOneBack(undo));
  const { hint, reason, retryable, status } = error;
  return new KibanaError([error.message, ...lines].join('\n  '), { hint, reason, retryable, status, cause: error });
}

async function takeOneBack(undo: Undo): Promise<string> {
  if ('stays' in undo) return `stays: ${undo.what} (${undo.stays})`;
  try {
    await undo.run();
    return `taken back: ${undo.what}`;
  } catch (cause) {
    return `not taken back: ${undo.what} (${cause instanceof IntegrationError ? cause.message : String(cause)})`;
  }
}
