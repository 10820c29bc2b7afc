import { type Cloudflare, openCloudflare } from '../cloudflare/open-cloudflare.ts';
import { chooseSources } from '../definition/choose-sources.ts';
import type { SourceDefinition } from '../definition/definition.ts';
import { EXPIRY_HINT, toExpiresMs, toExpiryWarning } from '../health/credential-expiry.ts';
import type { ConnectionSettings, StreamSettings } from '../settings/settings.ts';
import { checkMemberLists } from './check-member-lists.ts';
import { checkScopes } from './check-scopes.ts';
import { checkZoneLists } from './check-zone-lists.ts';
import type { CommandContext } from './context.ts';
import { renderDropped } from './create-read.ts';
import { type Finding, toFailure } from './finding.ts';
import type { Opened } from './open-settings.ts';

/** How many accounts, zones and users were tried, and how many of them Cloudflare refused. */
export interface Tried {
  readonly tried: number;
  readonly refused: number;
}

/** What trying a connection takes. */
export interface Trial {
  readonly cloudflare: Cloudflare;
  readonly signal: AbortSignal;
  readonly show: (finding: Finding) => void;
}

/** Tries each credential, and one record of each stream and account or zone. */
export async function checkCloudflare(opened: Opened, context: CommandContext, show: (finding: Finding) => void): Promise<Tried> {
  let tried = 0;
  let refused = 0;
  for (const connection of opened.settings.connections) {
    const cloudflare = await openCloudflare(connection, { version: opened.definition.version, env: context.env });
    const trial: Trial = { cloudflare, signal: context.signal, show };
    try {
      const scopes = await checkScopes(connection, trial);
      const reads = toReads(scopes.connection, opened);
      const accounts = reads.filter(([, source]) => source.scope === 'account').map(([, , scopeId]) => scopeId);
      await checkCredential(connection, [...accounts, ...scopes.accountIds], trial);
      tried += scopes.refused;
      refused += scopes.refused;
      for (const [stream, source, scopeId] of reads) {
        tried += 1;
        if (!(await checkRead({ connection, stream, source, scopeId }, trial))) refused += 1;
      }
      await checkZoneLists(scopes.connection, trial);
      await checkMemberLists(connection.name, reads, trial);
    } finally {
      await cloudflare.close();
    }
  }
  return { tried, refused };
}

type ReadOf = readonly [stream: StreamSettings, source: SourceDefinition, scopeId: string];

function toReads({ streams }: ConnectionSettings, { definition }: Opened): readonly ReadOf[] {
  return streams.flatMap((stream) => {
    const declared = definition.streams.find(({ name }) => name === stream.stream);
    const sources = declared === undefined ? [] : chooseSources(declared, stream.choices);
    return sources.flatMap((source) => (source.scope === 'user' ? ['user'] : stream.scopeIds).map((scopeId): ReadOf => [stream, source, scopeId]));
  });
}

async function checkCredential({ name, credential }: ConnectionSettings, accounts: readonly string[], { cloudflare, signal, show }: Trial): Promise<void> {
  const what = `connection ${name}: ${credential.kind === 'token' ? 'API token' : 'e-mail and global key'}`;
  try {
    const verified = await cloudflare.verify(accounts, signal);
    const { status, expiresOn } = verified;
    const expires = expiresOn === undefined ? '' : `, expires ${expiresOn}`;
    const warning = toExpiryWarning(toExpiresMs(verified), Date.now());
    if (status !== 'active') show({ state: 'FAIL', what, detail: `the credential is ${status}`, hint: 'Create a new API token, or switch this one on.' });
    else if (warning !== undefined) show({ state: 'warn', what, detail: `active; ${warning}`, hint: EXPIRY_HINT });
    else show({ state: 'ok', what, detail: `active${expires}` });
  } catch (error) {
    show(toFailure(what, error));
  }
}

interface OneRead {
  readonly connection: ConnectionSettings;
  readonly stream: StreamSettings;
  readonly source: SourceDefinition;
  readonly scopeId: string;
}

async function checkRead({ connection, stream, source, scopeId }: OneRead, { cloudflare, signal, show }: Trial): Promise<boolean> {
  const scope = source.scope === 'user' ? 'user' : `${source.scope} ${scopeId}`;
  const what = `connection ${connection.name}: ${stream.stream} ${source.name}, ${scope}`;
  try {
    const { asked, dropped } = await cloudflare.chooseFields(source, { scopeId, fields: stream.fields }, signal);
    const record = await cloudflare.probe(source, { stream: stream.stream, scopeId, fields: asked }, signal);
    const example = record?.timeMs === undefined ? '' : `, e.g. an event of ${new Date(record.timeMs).toISOString()}`;
    show({ state: 'ok', what, detail: record === undefined ? 'readable, no events in the last hours' : `readable${example}` });
    if (dropped.length > 0) show({ state: 'warn', what, detail: renderDropped(dropped), hint: 'Name other fields, or none of these.' });
    return true;
  } catch (error) {
    show(toFailure(what, error));
    return false;
  }
}
