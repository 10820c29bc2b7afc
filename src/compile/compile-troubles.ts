import type { Trouble } from '../definition/api-facts.ts';
import { renderMarkdownTable } from './render-markdown-table.ts';

/**
 * Messages and what to do, of one act; in the order of the status that each row names first.
 * @throws Error for an act that no trouble has
 */
export function compileTroubles(troubles: readonly Trouble[], act: string): string {
  const rows = troubles.filter((trouble) => trouble.act === act).toSorted((a, b) => toStatus(a) - toStatus(b));
  if (rows.length === 0) throw new Error(`there is no trouble with the act ${JSON.stringify(act)}`);
  return renderMarkdownTable(
    ['Cloudflare answered', 'What to do'],
    rows.map(({ says, hint }) => [says.map((text) => `\`${text}\``).join(', '), hint]),
  );
}

/** What has no status comes last. */
function toStatus({ says: [first = ''] }: Trouble): number {
  const status = Number.parseInt(first, 10);
  return Number.isNaN(status) ? 1000 : status;
}
