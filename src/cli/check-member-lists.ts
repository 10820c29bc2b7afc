import type { SourceDefinition } from '../definition/definition.ts';
import type { StreamSettings } from '../settings/settings.ts';
import type { Trial } from './check-cloudflare.ts';
import { type Finding, toFailure } from './finding.ts';

type ReadOf = readonly [stream: StreamSettings, source: SourceDefinition, scopeId: string];

/** Tries the members list of each account where persons are looked up. A refusal is a warning: events are collected all the same. */
export async function checkMemberLists(name: string, reads: readonly ReadOf[], trial: Trial): Promise<void> {
  const wanted = reads.filter(([{ resolveMembers }, { members }]) => resolveMembers === true && members !== undefined);
  for (const accountId of new Set(wanted.map(([, , scopeId]) => scopeId))) trial.show(await tryList(name, accountId, trial));
}

async function tryList(name: string, accountId: string, { cloudflare, signal }: Trial): Promise<Finding> {
  const what = `connection ${name}: members, account ${accountId}`;
  try {
    const { count, isCut } = await cloudflare.listMembers(accountId, signal);
    return { state: 'ok', what, detail: isCut ? `the first ${count} are looked up` : `${count} can be looked up` };
  } catch (error) {
    const { detail, hint } = toFailure(what, error);
    const more = 'Or remove resolve_members; without the list, events keep the ids of persons alone.';
    return { state: 'warn', what, ...(detail === undefined ? {} : { detail }), hint: `${hint} ${more}` };
  }
}
