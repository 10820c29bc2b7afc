/** How one window's answer is cut into pages. */
export type PageDefinition = NumberedPages | CursorPages;

export interface NumberedPages {
  /** Name of the parameter that counts pages from 1. */
  readonly number: string;
  /** Parameters that carry the page size, and the size. */
  readonly size: Readonly<Record<string, number>>;
  /** `short`: a page with fewer records than its size is the last. */
  readonly stop: 'short';
}

/** Each answer names the next page; the last one names none. */
export interface CursorPages {
  /** Name of the parameter that carries the cursor. */
  readonly cursor: string;
  /** Paths in the answer where the next cursor may stand; the first that has a value wins. */
  readonly from: readonly string[];
  /** Parameters that carry the page size, and the size. */
  readonly size: Readonly<Record<string, number>>;
}
