import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const EVERY_MS = 25;
/** How much may gather; V8 itself lets more than twice of it. */
const GARBAGE_BYTES = 32 * 1024 * 1024;

/**
 * Keeps small what lies outside of V8's heap. Lines and requests are buffers there; a few live at once, but V8 collects dead ones so late that hundreds of
 * megabytes gather while a long answer streams through. Does not keep the process alive.
 */
export function boundMemory(): void {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  let most = GARBAGE_BYTES;
  let collected = false;
  const look = (): void => {
    const bytes = getHeapStatistics().external_memory;
    // What is left a moment after a collection lives: to look for garbage there again would find none.
    most = collected ? Math.max(GARBAGE_BYTES, bytes + GARBAGE_BYTES / 2) : most;
    collected = bytes >= most;
    if (collected) collectGarbage();
  };
  setInterval(look, EVERY_MS).unref();
}
