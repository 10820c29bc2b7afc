import { hostname } from 'node:os';
import type { CommandContext } from './context.ts';

/** Names this process among all collectors: the machine and the process on it. */
export function toInstance({ pid }: Pick<CommandContext, 'pid'>): string {
  return `${hostname()}-${pid}`;
}
