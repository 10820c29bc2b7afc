import type { CursorPages, PageDefinition } from './definition.ts';

/** Whether each answer names the next page, rather than pages being counted. */
export function isCursorPages(page: PageDefinition): page is CursorPages {
  return 'cursor' in page;
}
