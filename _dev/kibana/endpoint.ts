import type { Call } from './call.ts';
import type { Reply } from './reply.ts';
import type { Schema } from './schemas.ts';
import type { World } from './world.ts';

/** One call of the API. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Parts in braces are parameters: `/api/fleet/package_policies/{id}`. */
  readonly path: string;
  /** Whether nobody, everybody who may read, or only who may write is let in. */
  readonly needs: 'nothing' | 'read' | 'all';
  /** Parameters of the query that are known, and what they may be. */
  readonly query: Readonly<Record<string, QueryKind>>;
  /** Content types of a body; absent where none is read. */
  readonly takes?: readonly string[];
  /** What its answers are; one that is not refused and is something else, is a bug of the simulation. */
  readonly gives: Schema;
  readonly answer: (call: Call, world: World) => Reply;
}

/** What a parameter of a query may be: a kind of value, or one of some. */
export type QueryKind = 'text' | 'number' | 'boolean' | readonly string[];
