/** One file of a package. */
export interface PackageFile {
  /** Relative to the package's folder, with `/`. */
  readonly path: string;
  readonly content: string | Uint8Array;
}
