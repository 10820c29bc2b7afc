/** A pattern of a `matches` condition, in the forms that the backends need. */
export interface Pattern {
  /** The same language for JavaScript: to be found anywhere in a text. */
  readonly regExp: RegExp;
  /** The same for Java, where `.`, `$` and some characters of classes mean something else. */
  readonly java: string;
  /** Literal texts that say the same without a regular expression, where that is possible. */
  readonly literals: readonly Literal[] | undefined;
}

/** A text that a value begins with (`start`), ends with (`end`), equals (both) or contains (neither). */
export interface Literal {
  readonly text: string;
  readonly start: boolean;
  readonly end: boolean;
}

const MAX_LITERALS = 32;
const TOKEN = /\\[dDwW]|\\[.*+?^$(){}|[\]\\/-]|\[(?:\^?)(?:\\.|[^\]\\])+\]|\((?:\?:)?|[)|^$.]|[*+?]\??|\{\d+(?:,\d*)?\}\??|[^\\[\](){}|^$.*+?]/gu;
const FORBIDDEN = /\\[^dDwW.*+?^$(){}|[\]\\/-]|\(\?(?!:)/u;

/**
 * Reads a pattern of the portable subset: literals, `.`, `\d \D \w \W`, escaped punctuation, classes, groups without names, alternatives,
 * quantifiers, `^` and `$`. It is found anywhere in the text, matters by case, and `^` and `$` are the text's two ends.
 * @throws SyntaxError for anything else
 */
export function readPattern(source: string): Pattern {
  const tokens = source.match(TOKEN) ?? [];
  if (tokens.join('') !== source || FORBIDDEN.test(source)) throw new SyntaxError(`the pattern ${source} is not of the portable subset`);
  return { regExp: new RegExp(source.replaceAll('\\-', '\\x2d'), 'u'), java: tokens.map(toJava).join(''), literals: toLiterals(source) };
}

function toJava(token: string): string {
  if (token === '.') return '[^\\n\\r\\u2028\\u2029]';
  if (token === '$') return '\\z';
  if (token.startsWith('[')) return `[${token.slice(1, -1).replaceAll(/(?<!\\)([[&/])/g, '\\$1')}]`;
  return token === '/' ? '\\/' : token;
}

/** Multiplies out `^a(b|c)$` into the texts it stands for; undefined where it has classes, quantifiers or too many. */
function toLiterals(source: string): readonly Literal[] | undefined {
  const reader = { source, at: 0 };
  const literals = readAlternatives(reader);
  return reader.at === source.length ? literals : undefined;
}

interface Reader {
  readonly source: string;
  at: number;
}

function readAlternatives(reader: Reader): readonly Literal[] | undefined {
  const all: Literal[] = [];
  for (;;) {
    const literals = readSequence(reader);
    if (literals === undefined) return undefined;
    all.push(...literals);
    if (reader.source[reader.at] !== '|') return all.length <= MAX_LITERALS ? all : undefined;
    reader.at += 1;
  }
}

function readSequence(reader: Reader): readonly Literal[] | undefined {
  let literals: readonly Literal[] = [literal('')];
  while (reader.at < reader.source.length && !'|)'.includes(reader.source.charAt(reader.at))) {
    const next = readAtom(reader);
    if (next === undefined || '*+?{'.includes(reader.source[reader.at] ?? ' ')) return undefined;
    // An anchor in the middle of a text can't match; such patterns are left to the engines.
    if (literals.some((left) => next.some((right) => (left.end && right.text !== '') || (right.start && left.text !== '')))) return undefined;
    literals = literals.flatMap((left) => next.map((right) => joined(left, right)));
    if (literals.length > MAX_LITERALS) return undefined;
  }
  return literals;
}

function readAtom(reader: Reader): readonly Literal[] | undefined {
  const char = reader.source.charAt(reader.at);
  reader.at += 1;
  if (char === '^') return [{ text: '', start: true, end: false }];
  if (char === '$') return [{ text: '', start: false, end: true }];
  if (char === '\\') {
    const escaped = reader.source.charAt(reader.at);
    reader.at += 1;
    return /[dDwW]/.test(escaped) ? undefined : [literal(escaped)];
  }
  if (char !== '(') return '.[{*+?'.includes(char) ? undefined : [literal(char)];
  if (reader.source.startsWith('?:', reader.at)) reader.at += 2;
  const inner = readAlternatives(reader);
  reader.at += 1;
  return inner;
}

function literal(text: string): Literal {
  return { text, start: false, end: false };
}

function joined(left: Literal, right: Literal): Literal {
  return { text: left.text + right.text, start: left.start || right.start, end: left.end || right.end };
}
