import { systemTiming } from '../cloudflare/timing.ts';
import type { CommandContext } from './context.ts';
import type { Opened } from './open-settings.ts';
import { ScopeLists } from './scope-lists.ts';

/** The settings with every `all` replaced by the ids that Cloudflare lists. */
export interface Scopes {
  readonly opened: Opened;
  /** To ask again. */
  readonly lists: ScopeLists;
}

/**
 * Asks Cloudflare for the accounts and zones of every `all`; sends nothing where there is none. A refused list is logged and leaves its stream without any.
 * @throws InterruptedError when the signal fires
 */
export async function openScopes(given: Opened, context: Pick<CommandContext, 'env' | 'signal'>, now = systemTiming.now): Promise<Scopes> {
  const { definition, log, settings } = given;
  const lists = new ScopeLists({ version: definition.version, context, log, now });
  const connections = await lists.fill(settings.connections);
  return { opened: { ...given, settings: { ...settings, connections } }, lists };
}
