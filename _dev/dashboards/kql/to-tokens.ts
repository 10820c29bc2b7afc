import { DashboardFault } from '../dashboard-fault.ts';
import type { KqlValue } from './kql.ts';

/** A piece of a query: a sign, a word that joins, or a value. */
export type Token = { readonly kind: 'sign'; readonly text: string } | { readonly kind: 'value'; readonly value: KqlValue };

const TOKEN = /\s*(?:(?<sign>[():]|[<>]=?)|"(?<quoted>(?:\\.|[^"\\])*)"|(?<word>(?:\\.|[^\s()":<>{}\\])+))/uy;
const KEYWORDS = ['and', 'or', 'not'];

/**
 * Cuts a query into its pieces.
 * @throws DashboardFault for what the language has and this does not, such as nested fields
 */
export function toTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) throw new DashboardFault(`the query ${text} is not understood from "${text.slice(at).trim()}" on`);
    tokens.push(toToken(found.groups ?? {}));
    at = TOKEN.lastIndex;
  }
  return tokens;
}

function toToken({ sign, quoted, word = '' }: Readonly<Record<string, string | undefined>>): Token {
  if (sign !== undefined) return { kind: 'sign', text: sign };
  if (quoted !== undefined) {
    const text = removeEscapes(quoted);
    return { kind: 'value', value: { text, quoted: true, pieces: [text] } };
  }
  if (KEYWORDS.includes(word.toLowerCase())) return { kind: 'sign', text: word.toLowerCase() };
  const pieces = word.split(/(?<!\\)\*/u).map(removeEscapes);
  return { kind: 'value', value: { text: pieces.join('*'), quoted: false, pieces } };
}

function removeEscapes(text: string): string {
  return text.replaceAll(/\\(.)/gu, '$1');
}
