import type { PackagePolicy } from './package-policy.ts';

/** What somebody may do; `none` may ask for the status only. */
export type Rights = 'all' | 'read' | 'none';

/** Something a client may identify itself with. */
export type CredentialOptions =
  | { readonly kind: 'apiKey'; readonly encoded: string; readonly rights?: Rights }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string; readonly rights?: Rights };

/** A credential that every simulated Kibana knows where none is named. */
export const DEMO_API_KEY = 'a2liYW5hLWRlbW86bm90LWEtcmVhbC1rZXk=';

export interface KibanaOptions {
  /** @default 0: any free port */
  readonly port?: number;
  /** Version that it shows and behaves like. @default 9.2.0 */
  readonly version?: string;
  /** @default the demo API key with all rights */
  readonly credentials?: readonly CredentialOptions[];
  /** Ids of spaces besides `default`. @default none */
  readonly spaces?: readonly string[];
  /** Integration policies that are there from the start. @default none */
  readonly policies?: readonly PackagePolicy[];
}
