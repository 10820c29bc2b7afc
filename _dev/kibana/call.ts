import type { IncomingHttpHeaders } from 'node:http';

/** A request that was let in. */
export interface Call {
  readonly method: string;
  /** Path below the space. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Id of the space. */
  readonly space: string;
  /** What the path's parts in braces are. */
  readonly params: Readonly<Record<string, string>>;
  /** Whoever asks; undefined where nobody is known. */
  readonly username: string | undefined;
}
