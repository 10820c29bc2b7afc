/** One version of the changelog, with the links that its changes lead to. */
export interface ChangelogEntry {
  readonly version: string;
  readonly changes: readonly {
    readonly description: string;
    readonly type: 'breaking-change' | 'bugfix' | 'enhancement';
    readonly link: string;
  }[];
}
