const leftovers = new Set<() => void>();

/**
 * Notes something that must not outlive this process: a child, a folder, a container.
 *
 * @param remove ends and removes it at once, without waiting; must not throw.
 * @returns forgets it again, once it has been ended in good order.
 */
export function noteLeftover(remove: () => void): () => void {
  leftovers.add(remove);
  return () => {
    leftovers.delete(remove);
  };
}

/**
 * Ends and removes at once whatever engines still hold, the latest first: children are killed, folders removed. Synchronous, so that it may run in an
 * `exit` handler. It covers engines that are still starting, too.
 */
export function removeLeftovers(): void {
  for (const remove of [...leftovers].reverse()) {
    leftovers.delete(remove);
    remove();
  }
}

/**
 * Makes sure that nothing outlives this process when it is interrupted: SIGINT, SIGTERM and SIGHUP end it, and at its end `removeLeftovers` runs. The
 * handlers stay, so that a second signal does not cut the removal short.
 */
export function removeLeftoversAtExit(): void {
  process.once('exit', removeLeftovers);
  process.on('SIGINT', () => process.exit(130));
  process.on('SIGTERM', () => process.exit(143));
  process.on('SIGHUP', () => process.exit(129));
}
