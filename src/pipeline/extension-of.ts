const EXTENSION = /^[A-Za-z0-9]{1,16}$/;

/** What stands behind the last dot of a path's last segment, where it is 1 to 16 ASCII letters and digits and not the whole name; else undefined. */
export function extensionOf(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  const extension = name.slice(dot + 1);
  return dot > 0 && EXTENSION.test(extension) ? extension : undefined;
}
