import type { Checkpoint } from './checkpoint.ts';

/** Who of several collectors may work on a partition, and when. A partition is taken for one turn, in which one window is settled. */
export interface Turns {
  /**
   * When to try and take the partition, in epoch milliseconds, for one that this collector would work on at `atMs`: infinite where nothing can be taken
   * now. Answers from what was last seen, without asking anybody.
   */
  dueMs(key: string, atMs: number): number;
  /**
   * Takes the partition for a turn.
   * @returns undefined where another collector has it, or had it since
   * @throws ElasticsearchError where the state does not answer
   */
  take(key: string): Promise<Turn | undefined>;
  /** Which other collector works on the partition, as last seen. */
  holderOf(key: string): string | undefined;
  /** How long to rest at most before what others do is looked at again, in milliseconds. */
  readonly restMs: number;
}

/** A partition in this collector's hands. */
export interface Turn {
  /** As it is stored now. */
  readonly checkpoint: Checkpoint | undefined;
  /** Whether anybody wrote the checkpoint since this collector's last turn. */
  readonly moved: boolean;
  /** Fires, with a LeaseLostError, when the partition is known to be in other hands. */
  readonly signal: AbortSignal;
  /** @throws LeaseLostError when the partition is in other hands: then nothing was saved */
  save(checkpoint: Checkpoint): Promise<void>;
  /** Gives the partition back; it is due again at that time, for whoever takes it. Nothing happens where it was lost. */
  end(dueMs: number): Promise<void>;
}
