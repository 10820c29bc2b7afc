import type { Stage, StageOptions } from './open-stage.ts';

/** The parts of a run, in their order. */
export const PARTS = [
  { name: 'kills', title: 'kill -9 at random points of a collection, with rollovers before the restarts' },
  { name: 'faults', title: 'every fault of Cloudflare and of Elasticsearch, and what the collector makes of it' },
  { name: 'collectors', title: 'three collectors that share partitions, one of them killed every few seconds' },
  { name: 'memory', title: 'the most memory that a collector takes for a huge answer, and while Elasticsearch refuses' },
  { name: 'upgrade', title: 'an upgrade while collecting, and SIGTERM in the middle of a window' },
] as const;

export type PartName = (typeof PARTS)[number]['name'];

/** What a part works with. */
export interface Ground {
  /** Installs a package of its own; it is removed at the end of the run. */
  readonly openStage: (options?: StageOptions) => Promise<Stage>;
  /** Folder of the compiled program. */
  readonly dist: string;
  readonly seed: number;
  readonly short: boolean;
  readonly kills: number | undefined;
  readonly print: (line: string) => void;
}

/** Runs to its end and resolves with what was violated: sentences. */
export type Part = (ground: Ground) => Promise<readonly string[]>;
