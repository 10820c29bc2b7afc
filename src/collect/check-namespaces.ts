import { StateError } from '../errors.ts';
import type { StateEntry } from './checkpoint.ts';

/** What of a connection's settings its checkpoints are bound to. */
interface BoundConnection {
  readonly name: string;
  readonly namespace: string;
  readonly streams: readonly { readonly stream: string }[];
}

/**
 * Checks that each connection still has the namespace that its checkpoints are about: another one would silently begin anew, in other data streams.
 * @throws StateError that names the checkpoints and the choices
 */
export function checkNamespaces(entries: readonly StateEntry[], connections: readonly BoundConnection[]): void {
  const known = new Set(entries.map(({ key }) => key));
  for (const { name, namespace, streams } of connections) {
    const collected = new Set(streams.map(({ stream }) => stream));
    const moved = entries.filter(({ key }) => {
      const [connection, stored, stream = '', ...rest] = key.split('/');
      return connection === name && stored !== namespace && collected.has(stream) && !known.has([name, namespace, stream, ...rest].join('/'));
    });
    const [first] = moved;
    if (first !== undefined) throw toMovedError(first.key, moved.length, namespace);
  }
}

function toMovedError(key: string, count: number, namespace: string): StateError {
  const [connection, stored] = key.split('/');
  const more = count > 1 ? ` and ${count - 1} more` : '';
  return new StateError(`the state of the connection ${connection} is about the namespace ${stored}, and the settings say ${namespace} (${key}${more})`, {
    hint:
      `Set its namespace back to ${stored}, or give the connection another name. To begin anew in ${namespace}, with initial_interval, forget the old checkpoints: ` +
      '`state list` shows them, `state reset KEY` forgets one.',
  });
}
