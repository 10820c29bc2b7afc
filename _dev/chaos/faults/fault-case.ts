import type { Scene } from '../../../test/e2e/open-scene.ts';
import type { SmallWorld } from '../../../test/e2e/small-world.ts';
import type { CloudflareOptions } from '../../cloudflare/options.ts';
import type { ElasticsearchProxy } from '../elasticsearch-proxy.ts';

/** Where a case is played: a small simulated Cloudflare and a proxy before Elasticsearch, both its own. */
export interface Bench {
  readonly scene: Scene;
  readonly world: SmallWorld;
  readonly proxy: ElasticsearchProxy;
}

/** One fault, and what the collector must do about it. */
export interface FaultCase {
  readonly side: 'cloudflare' | 'elasticsearch';
  readonly fault: string;
  /** As `toAct` writes it. */
  readonly expected: string;
  readonly world?: CloudflareOptions;
  /** More settings of the connection. */
  readonly connection?: Readonly<Record<string, unknown>>;
  /** Sets the fault; what it returns tells at the end how often it struck. Where that is never, the case proves nothing. */
  readonly arrange: (bench: Bench) => Promise<() => number> | (() => number);
  /** Comes before a second run, which must settle everything. */
  readonly meanwhile?: (bench: Bench) => void;
  /** Compares what is stored in its own way; resolves with what is wrong. @default everything equals the ledger, but for recorded gaps */
  readonly judge?: (bench: Bench, played: Played) => Promise<readonly string[]>;
}

/** What the first run did. */
export interface Played {
  readonly exitCode: number;
  /** Dead letters of both streams. */
  readonly dead: number;
  readonly duplicate: number;
  readonly gaps: number;
  readonly log: string;
}

/** What was done, in words: how the streams ended, with the exit code. */
export function toAct({ dead, exitCode, gaps, log }: Played): string {
  const ends = [
    ...(/ paused: /.test(log) ? ['paused'] : []),
    ...(/ failed: /.test(log) ? ['failed'] : []),
    ...(gaps > 0 ? [`${gaps} gaps`] : []),
    ...(dead > 0 ? [`${dead} dead-lettered`] : []),
  ];
  return `${ends.length === 0 ? 'settled' : ends.join(', ')}, exit ${exitCode}`;
}
