/** A record whose leaves are JSON texts, so that 1.0, large numbers and half pairs stay what they are. */
export type Tree = string | readonly Tree[] | { readonly [key: string]: Tree };

/** True for an object of a tree. */
export function isBranch(tree: Tree | undefined): tree is { readonly [key: string]: Tree } {
  return typeof tree === 'object' && !Array.isArray(tree);
}

/** The JSON text of a tree. */
export function printTree(tree: Tree): string {
  if (typeof tree === 'string') return tree;
  if (!isBranch(tree)) return `[${tree.map(printTree).join(',')}]`;
  return `{${Object.entries(tree)
    .map(([key, child]) => `${JSON.stringify(key)}:${printTree(child)}`)
    .join(',')}}`;
}

const TOKEN = /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+))/gsy;

/** The tree of a JSON text; undefined where the text is none. Of equal keys the last wins. */
export function parseTree(text: string): Tree | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const tokens = [...text.trim().matchAll(TOKEN)].map(([, mark, leaf]) => mark ?? leaf ?? '');
  let at = 0;
  const read = (): Tree => {
    const token = tokens[at++] ?? 'null';
    if (token === '{') return readObject();
    return token === '[' ? readList() : token;
  };
  const readObject = (): Tree => {
    const entries: [string, Tree][] = [];
    while (tokens[at] !== '}') {
      if (tokens[at] === ',') at += 1;
      const key = JSON.parse(tokens[at] ?? '""') as string;
      at += 2;
      entries.push([key, read()]);
    }
    at += 1;
    return Object.fromEntries(entries);
  };
  const readList = (): Tree => {
    const items: Tree[] = [];
    while (tokens[at] !== ']') {
      if (tokens[at] === ',') at += 1;
      items.push(read());
    }
    at += 1;
    return items;
  };
  return read();
}

/** Every place of a tree as the keys that lead there, the root not among them. */
export function placesOf(tree: Tree): readonly (readonly string[])[] {
  if (typeof tree === 'string') return [];
  return Object.entries(tree).flatMap(([key, child]) => [[key], ...placesOf(child).map((place) => [key, ...place])]);
}

/** The tree with another subtree at a place, or without that place for undefined; objects that are missing on the way are made. */
export function replaceAt(tree: Tree | undefined, [key, ...below]: readonly string[], subtree: Tree | undefined): Tree | undefined {
  if (key === undefined) return subtree;
  if (Array.isArray(tree)) {
    return (tree as readonly Tree[]).flatMap((item, index) => (String(index) === key ? (replaceAt(item, below, subtree) ?? []) : [item]));
  }
  const branch = isBranch(tree) ? tree : {};
  const child = replaceAt(ownOf(branch, key), below, subtree);
  const others = Object.entries(branch).filter(([name]) => name !== key);
  return Object.fromEntries(child === undefined ? others : [...others, [key, child]]);
}

/** The subtree at a place. */
export function subtreeAt(tree: Tree | undefined, [key, ...below]: readonly string[]): Tree | undefined {
  if (key === undefined || tree === undefined) return tree;
  if (typeof tree === 'string') return undefined;
  return subtreeAt(ownOf(tree as { readonly [name: string]: Tree }, key), below);
}

/** Without what every object inherits: a record may have a key like `constructor`, or not. */
function ownOf(branch: { readonly [name: string]: Tree }, key: string): Tree | undefined {
  return Object.hasOwn(branch, key) ? branch[key] : undefined;
}
