import { resolve } from 'node:path';
import { type Fault, KibanaError } from '../errors.ts';
import type { ConnectionSettings } from '../settings/settings.ts';
import { connectKibana } from './connect-kibana.ts';
import type { CommandContext } from './context.ts';
import { Fleet, type Policies } from './fleet.ts';
import type { Opened } from './open-settings.ts';
import { toSecrets } from './to-secrets.ts';

/** The connections of Kibana, as they were when the command began, and where to ask for them again. */
export interface OpenedFleet {
  /** Address of Kibana. */
  readonly address: string;
  readonly refused: Policies['refused'];
  /** How often to ask again, in milliseconds. */
  readonly intervalMs: number;
  /** Those of the settings file and those of Kibana, as they are saved now; as they were where Kibana cannot be asked. What is new to know is logged. */
  readonly readAgain: (signal: AbortSignal) => Promise<readonly ConnectionSettings[]>;
  /** Logs what is wrong with policies, once. */
  readonly tell: () => void;
}

interface OpenFleetOptions extends Opened {
  /** @default that of the settings */
  readonly address: string | undefined;
  /** Folder of the settings file. */
  readonly folder: string;
  /** From then on no output shows these texts. */
  readonly hide: (secrets: readonly string[]) => void;
}

/**
 * The settings with the connections that integration policies in Kibana ask for.
 * @throws UsageError, KibanaError, SettingsError where Kibana cannot be asked
 */
export async function openFleet({ address, folder, hide, ...opened }: OpenFleetOptions, context: CommandContext): Promise<Opened> {
  const { definition, log, settings } = opened;
  const { env } = context;
  const resolvePath = (path: string): string => resolve(folder, path);
  const fleet = new Fleet({ definition, env, connections: settings.connections, folder, resolvePath, open: () => connectKibana(opened, address, env) });
  const read = async (signal: AbortSignal): Promise<Policies> => {
    const policies = await fleet.read(signal);
    hide(toSecrets({ ...settings, connections: policies.connections }, env));
    return policies;
  };
  const told = createTold(log);
  let policies = await read(context.signal);
  told.notes(policies);
  const toConnections = (): readonly ConnectionSettings[] => [...settings.connections, ...policies.connections];
  const readAgain = async (signal: AbortSignal): Promise<readonly ConnectionSettings[]> => {
    try {
      policies = await read(signal);
      told.reachable();
      told.refused(policies);
      told.notes(policies);
    } catch (error) {
      if (!(error instanceof KibanaError)) throw error;
      told.unreachable(error);
    }
    return toConnections();
  };
  const { intervalMs } = settings.kibana;
  const { refused } = policies;
  return {
    ...opened,
    settings: { ...settings, connections: toConnections() },
    fleet: { address: address ?? String(settings.kibana.url), refused, intervalMs, readAgain, tell: () => told.refused({ refused }) },
  };
}

/** Logs each thing once, as long as it stays the same. */
function createTold(log: Opened['log']) {
  let faults: ReadonlySet<string> = new Set();
  let outage: string | undefined;
  const known = new Set<string>();
  return {
    refused: ({ refused }: Pick<Policies, 'refused'>): void => {
      const now = new Set(refused.flatMap((error) => error.faults).map(renderFault));
      for (const fault of now) if (!faults.has(fault)) log('error', fault);
      faults = now;
    },
    notes: ({ notes }: Pick<Policies, 'notes'>): void => {
      for (const note of notes) if (!known.has(note)) log('warn', note);
      for (const note of notes) known.add(note);
    },
    reachable: (): void => {
      if (outage !== undefined) log('info', 'Kibana answers again');
      outage = undefined;
    },
    unreachable: ({ message, hint }: KibanaError): void => {
      if (outage !== message) log('warn', `the integration policies stay as they were: ${message}. ${hint}`);
      outage = message;
    },
  };
}

function renderFault({ file, path, message, hint }: Fault): string {
  return `${file}${path === '' ? '' : ` ${path}`}: ${message}. ${hint}`;
}
