import type { Random } from './random.ts';

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

/** What may stand at any place of a text. */
const PIECES = ['"', '\\', ',', '}', '{', ']', '\u0000', '\ud800', '\udc00', '\ufeff', '0', ' ', '\n', '-', '/', '*', '#', "'"];

/** Comments as one parser or another knows them. */
const COMMENTS = [
  ...['//\n', '// x\r', '//\r\n', '//"\n', '//\\\n', '// {"a":1}\n', '// \u2028 x\n', '//\t😀\ud800\n', '//\u0000\n', '//\u000b\n', '//\u007f\u0085\n', '//'],
  ...['/**/', '/***/', '/*/*/', '/* " */', '/*\\*/', '/*\n*/', '/* //*/', '/*\t日本語*/', '/*\u0000*/', '/*\u001f*/', '/*\u007f*/', '/*', '*/', '/', '/ /'],
  ...['# x\n', '<!-- x -->', '-- x\n', '; x\n'],
];

/** What may stand between two tokens: comments, white space that JSON has and has not, marks too many. */
const GAPS = [...COMMENTS, ...COMMENTS, ...' \n\r\t\f\u000b\u00a0\u2028\u3000\ufeff\u0000,:]}x', ',,', 'null'];

/** Scalars that some parser takes and JSON does not know, and texts at the border of what it knows. */
const SCALARS = [
  ...['NaN', '-NaN', 'Infinity', '-Infinity', '+Infinity', 'INF', 'undefined', 'None', 'True', 'nul', 'truee', 'x', "'x'", '`x`', '1/**/', '"x"//\n'],
  ...['1a', '+1', '.5', '1.', '1.e5', '01', '-01', '--1', '-', '1e', '0x10', '1_000', '1L', '01234567890123456789', '+12345678901234567'],
  ...['12345678901234567.', '"\\x41"', '"\\\'"', '"\\u12"', '"\\u00zz"', '"\\a"', '"\\ud800\udc00"', '"\\uD83D\\uDE00"', '"//"', '"/* */"'],
  ...['"a\tb"', '"a\nb"', '"a\u0000b"', '"a\u007fb"', '"\ufeff"', '"\ud800"', '"\udc00\ud83d"'],
];

/** Before and behind a record; U+FEFF is the byte order mark. */
const AROUND = [...COMMENTS, '\ufeff', '\u0000', ' ', '\n', '\u00a0', '\f', ',', '}', '[', 'x', '1', 'null', '{}', ")]}'\n", 'data: ', '\u001e'];

/** A JSON text with one fault, or with something that a parser may take for one. */
export function damage(text: string, random: Random): string {
  return random.pick(DAMAGES)(text, random);
}

type Damage = (text: string, random: Random) => string;

const DAMAGES: readonly Damage[] = [
  (text, random) => text.slice(0, random.below(text.length)),
  (text, random) => replaceRange(text, random.below(text.length), 1, ''),
  (text, random) => replaceRange(text, random.below(text.length), 0, random.pick(PIECES)),
  (text, random) => text + random.pick([text, ...AROUND]),
  (text, random) => random.pick(AROUND) + text,
  insertGap,
  (text, random) => insertGap(insertGap(text, random), random),
  replaceScalar,
  repeatKey,
  (text) => text.replaceAll(/(?<=[{,])"(\w+)"(?=:)/g, '$1'),
  (text) => text.replaceAll("'", '').replaceAll('"', "'"),
  (text) => text.replaceAll(/(?=[\]}])/g, ','),
];

function insertGap(text: string, random: Random): string {
  const { index } = pickToken(text, random, () => true);
  return replaceRange(text, index, 0, random.pick(GAPS));
}

function replaceScalar(text: string, random: Random): string {
  const { index, length } = pickToken(text, random, (token, next) => !/^[{}[\],:]$/.test(token) && next !== ':');
  return replaceRange(text, index, length, random.pick(SCALARS));
}

/** Puts before a member another of the same key, now and then spelled with an escape. */
function repeatKey(text: string, random: Random): string {
  const { index, length } = pickToken(text, random, (_, next) => next === ':');
  const member = `${text.slice(index, index + length)}:${random.pick(['null', '1', '"x"', '{"a":1}', '[]', '12345678901234567'])}`;
  const escaped = member.replace(/^"([a-z])/i, (_, letter: string) => `"\\u00${letter.charCodeAt(0).toString(16)}`);
  return replaceRange(text, index, 0, `${random.pick([member, escaped])},`);
}

interface Token {
  readonly index: number;
  readonly length: number;
}

/** One of the tokens that are suitable; the end of the text where none is. */
function pickToken(text: string, random: Random, suits: (token: string, next: string | undefined) => boolean): Token {
  const tokens = [...text.matchAll(TOKEN)];
  const suitable = tokens.filter(([token], place) => suits(token, tokens[place + 1]?.[0]));
  if (suitable.length === 0) return { index: text.length, length: 0 };
  const { index, 0: token } = random.pick(suitable);
  return { index, length: token.length };
}

function replaceRange(text: string, at: number, length: number, piece: string): string {
  return text.slice(0, at) + piece + text.slice(at + length);
}
