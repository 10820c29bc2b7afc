/**
 * Accesses of a Painless text that fail on a document without the field: a `.` behind something that may be null, and comparisons of what may be null
 * with `<` or `>`. What an expression has compared with null, or asked for its type, before, is taken for known.
 */
export function findUnsafeAccess(source: string): readonly string[] {
  const code = source.replaceAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '');
  const found = [...code.matchAll(/\bctx((?:\??\.[A-Za-z_@]\w*)+)/g)].flatMap((match) => {
    const before = code.slice(0, match.index).replaceAll('?.', '.');
    const after = code.slice(match.index + match[0].length);
    return [...findUnsafeDots(match[0], before), ...findUnsafeComparison(match[0], { before, after })];
  });
  return [...new Set(found)];
}

function findUnsafeDots(chain: string, before: string): readonly string[] {
  const dots = [...chain.matchAll(/\??\./g)].slice(1);
  const unsafe = dots.find((dot) => dot[0] === '.' && !isKnown(chain.slice(0, dot.index), before));
  return unsafe === undefined ? [] : [`${chain} (${chain.slice(0, unsafe.index)} may be null)`];
}

function findUnsafeComparison(chain: string, { before, after }: { readonly before: string; readonly after: string }): readonly string[] {
  const operator = /^\s*([<>]=?)/.exec(after)?.[1];
  return operator === undefined || isKnown(chain, before) ? [] : [`${chain} ${operator} (null cannot be compared)`];
}

/** Where something below it was there, it was there itself. */
function isKnown(chain: string, before: string): boolean {
  const plain = chain.replaceAll('?.', '.').replaceAll('.', '\\.');
  return new RegExp(`${plain}(\\.\\w+)*\\s*(!=\\s*null|==\\s*null\\s*\\|\\||instanceof\\b)`).test(before);
}
