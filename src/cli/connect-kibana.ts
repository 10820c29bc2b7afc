import { UsageError } from '../errors.ts';
import { type Kibana, openKibana } from '../kibana/open-kibana.ts';
import { findProxy } from '../settings/find-proxy.ts';
import type { CommandContext } from './context.ts';
import type { Opened } from './open-settings.ts';
import { toSecrets } from './to-secrets.ts';

/**
 * Opens the Kibana of the settings, at the address that the command line names if it names one; nothing is sent yet.
 * @throws UsageError where no address is known, SettingsError where it cannot be used
 */
export async function connectKibana(
  { settings, userAgent }: Pick<Opened, 'settings' | 'userAgent'>,
  address: string | undefined,
  env: CommandContext['env'],
): Promise<Kibana> {
  const url = address ?? settings.kibana.url;
  if (url === undefined) {
    throw new UsageError('no address of Kibana is known', { hint: 'Name it after the option, or set kibana.url in the settings file.' });
  }
  const proxyUrl = URL.canParse(url) ? findProxy(url, settings.kibana.proxyUrl, env) : undefined;
  const access = { ...settings.kibana, url, ...(proxyUrl === undefined ? {} : { proxyUrl }) };
  return openKibana(access, { userAgent, secrets: toSecrets(settings, env) });
}
