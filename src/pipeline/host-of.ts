const PORT = /^:([0-9]{1,5})$/;
const MAX_PORT = 65_535;

/** The host of `HOST` or `HOST:PORT` in lower case; an IPv6 address keeps its brackets, and one without brackets is all host. Empty where there is none. */
export function hostOf(text: string): string {
  return text.slice(0, endOfHost(text)).toLowerCase();
}

/** The port of `HOST:PORT`, from 1 to 65535; undefined where there is none. */
export function portOf(text: string): number | undefined {
  const [, digits] = PORT.exec(text.slice(endOfHost(text))) ?? [];
  const port = Number(digits ?? 0);
  return port > 0 && port <= MAX_PORT ? port : undefined;
}

function endOfHost(text: string): number {
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    return close < 0 ? text.length : close + 1;
  }
  const colon = text.indexOf(':');
  return colon < 0 || colon !== text.lastIndexOf(':') ? text.length : colon;
}
