import type { KibanaSettings } from '../settings/settings.ts';

/** How a Kibana is reached: the settings' section `kibana`, with the address that counts (without a closing slash). */
export interface KibanaAccess extends Pick<KibanaSettings, 'credential' | 'space' | 'proxyUrl' | 'ssl'> {
  readonly url: string;
}
