import { childOf, isObject, type JsonObject, type JsonValue } from '../value.ts';

/** Reads the value at a dotted path; undefined where a part is missing or no object. */
export function compileGet(path: string): (root: JsonObject) => JsonValue | undefined {
  const keys = path.split('.');
  return (root) => {
    let value: JsonValue | undefined = root;
    for (const key of keys) value = childOf(value, key);
    return value;
  };
}

/** Writes a value at a dotted path and makes the objects above it; one that is no object is replaced. */
export function compilePut(path: string): (root: JsonObject, value: JsonValue) => void {
  const keys = path.split('.');
  const last = keys.pop() as string;
  return (root, value) => {
    let parent = root;
    for (const key of keys) {
      const child = childOf(parent, key);
      if (isObject(child)) parent = child;
      else {
        const made: JsonObject = {};
        parent[key] = made;
        parent = made;
      }
    }
    parent[last] = value;
  };
}
