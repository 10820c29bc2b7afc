/** Major, minor and patch of a version such as `0.1.0`; undefined where it is none. Pre-releases are none: Elastic's registry would hide them. */
export function parseVersion(text: string): readonly [number, number, number] | undefined {
  const match = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Whether the first version is newer than the second; false where one of them is none. */
export function isNewer(first: string, second: string): boolean {
  const [a, b] = [parseVersion(first), parseVersion(second)];
  if (a === undefined || b === undefined) return false;
  const index = a.findIndex((part, position) => part !== b[position]);
  return index >= 0 && (a[index] ?? 0) > (b[index] ?? 0);
}

/** Whether a version lies within a range of terms such as `^8.19.0`, joined by `||`; what stands behind the patch, as in `9.2.0-SNAPSHOT`, does not count. */
export function isWithin(version: string, range: string): boolean {
  const given = /^\d+\.\d+\.\d+/.exec(version)?.[0];
  if (given === undefined) return false;
  return range.split('||').some((term) => {
    const least = term.trim().replace(/^\^/, '');
    return given.split('.')[0] === least.split('.')[0] && !isNewer(least, given);
  });
}
