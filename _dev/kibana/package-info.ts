/** A control of a form, as a manifest declares it. */
export interface VarInfo {
  readonly name: string;
  readonly type: string;
  readonly title?: string;
  readonly multi?: boolean;
  readonly required?: boolean;
  readonly secret?: boolean;
  readonly default?: unknown;
  readonly options?: readonly { readonly value: string; readonly text: string }[];
}

/** An input of a policy template. */
export interface InputInfo {
  readonly type: string;
  readonly title: string;
  readonly vars?: readonly VarInfo[];
}

/** What one kind of policy of a package consists of. */
export interface PolicyTemplateInfo {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputs?: readonly InputInfo[];
  /** Names of the data streams that it is about; all where absent. */
  readonly data_streams?: readonly string[];
}

/** How a data stream is collected by one input. */
export interface StreamInfo {
  readonly input: string;
  readonly title: string;
  readonly enabled?: boolean;
  readonly template_path: string;
  readonly vars?: readonly VarInfo[];
}

/** A data stream, as its manifest declares it. */
export interface DataStreamInfo {
  readonly title: string;
  readonly type: string;
  readonly dataset: string;
  /** Name of its folder. */
  readonly path: string;
  readonly streams?: readonly StreamInfo[];
  readonly elasticsearch?: Readonly<Record<string, unknown>>;
}

/** What Kibana knows of a package. */
export interface PackageInfo {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly type?: string;
  readonly description: string;
  readonly format_version: string;
  readonly owner: Readonly<Record<string, unknown>>;
  readonly conditions?: Readonly<Record<string, { readonly version?: string } | undefined>>;
  readonly policy_templates: readonly PolicyTemplateInfo[];
  readonly data_streams: readonly DataStreamInfo[];
  readonly vars?: readonly VarInfo[];
  readonly elasticsearch?: Readonly<Record<string, unknown>>;
}

/** How a package came to be installed. */
export type InstallSource = 'registry' | 'upload' | 'bundled' | 'custom';

/** An installed package. */
export interface InstalledPackage {
  readonly info: PackageInfo;
  readonly source: InstallSource;
  readonly status: 'installed' | 'installing' | 'install_failed';
  /** Text of its agent templates, by `DATA_STREAM/TEMPLATE_PATH`. */
  readonly templates: Readonly<Record<string, string>>;
  readonly kibanaAssets: readonly Asset[];
  readonly elasticsearchAssets: readonly Asset[];
}

/** A saved object, template or pipeline that an installation made. */
export interface Asset {
  readonly id: string;
  readonly type: string;
}
