/** The elements by key, keys and elements in the order in which they come. */
export function groupBy<Element>(elements: Iterable<Element>, toKey: (element: Element) => string): ReadonlyMap<string, readonly Element[]> {
  const groups = new Map<string, Element[]>();
  for (const element of elements) {
    const key = toKey(element);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [element]);
    } else {
      group.push(element);
    }
  }
  return groups;
}
