/** How a Kibana is reached; the settings' section `kibana` has this shape. */
export interface KibanaAccess {
  /** Base address without a closing slash. */
  readonly url: string;
  readonly credential: KibanaCredential;
  /** Name of the space; the default one where absent. */
  readonly space?: string;
  /** Of the settings, or else of the environment. */
  readonly proxyUrl?: string;
  readonly ssl: KibanaTls;
}

/** Who asks; `none` for a Kibana without security. */
export type KibanaCredential =
  | { readonly kind: 'none' }
  | { readonly kind: 'apiKey'; readonly apiKey: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string };

/** Paths of PEM files, and whether certificates are checked. */
export interface KibanaTls {
  readonly certificateAuthorities: readonly string[];
  readonly certificate?: string;
  readonly key?: string;
  readonly verification: 'full' | 'none';
}
