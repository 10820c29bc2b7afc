/** Major, minor and patch. */
export type Version = readonly [major: number, minor: number, patch: number];

/** @throws {Error} for a text that is no version */
export function toVersion(text: string): Version {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)/.exec(text) ?? [];
  if (patch === undefined) throw new Error(`"${text}" is no version`);
  return [Number(major), Number(minor), Number(patch)];
}

/** Whether a version fits a range of terms such as `^8.19.0`, joined by `||`: the same major version, and not older. */
export function isIn(version: string, range: string): boolean {
  const [major, minor, patch] = toVersion(version);
  return range.split('||').some((term) => {
    const [wanted, ...least] = toVersion(term.trim().replace(/^\^/, ''));
    return major === wanted && (minor > least[0] || (minor === least[0] && patch >= least[1]));
  });
}

/** Whether a version is this one or a newer one. */
export function isFrom(version: Version, oldest: Version): boolean {
  const index = version.findIndex((part, position) => part !== oldest[position]);
  return index < 0 || Number(version[index]) > Number(oldest[index]);
}
