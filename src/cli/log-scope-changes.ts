import type { Scope } from '../cloudflare/find-scopes.ts';
import type { ScopeChanges } from '../cloudflare/follow-scopes.ts';
import type { Log } from './log.ts';

interface ChangesContext {
  /** Connection and stream. */
  readonly what: string;
  readonly scope: 'account' | 'zone';
  readonly log: Log;
}

/** Says which accounts or zones begin, are missing and end. */
export function logChanges({ begun, missing, ended }: ScopeChanges, { what, scope, log }: ChangesContext): void {
  const show = ({ id, name }: Scope): string => `${what}: ${scope} ${name} (${id})`;
  for (const one of begun) log('info', `${show(one)} is new and is collected from now on`);
  for (const one of missing)
    log('warn', `${show(one)} is no longer among the active ${scope}s that the credential sees; collecting it stops if it is still gone next time`);
  for (const one of ended) log('warn', `${show(one)} is still gone and is not collected any more; its checkpoint is kept`);
}
