import type { JsonObject } from '../pipeline/value.ts';

/** How one kind of client, system or device is recognised: a regular expression, and texts that replace its groups. */
export interface AgentPattern {
  readonly regex: string;
  readonly regex_flag?: string;
  readonly [replacement: `${string}_replacement`]: string | undefined;
}

/** The lists of uap-core; in each, the first pattern that matches counts. See https://github.com/ua-parser/uap-core/blob/master/docs/specification.md */
export interface AgentPatterns {
  readonly user_agent_parsers: readonly AgentPattern[];
  readonly os_parsers: readonly AgentPattern[];
  readonly device_parsers: readonly AgentPattern[];
}

const UNKNOWN = 'Other';

/**
 * Compiles the patterns to a function that gives the fields of Elasticsearch's `user_agent` processor: always `original`, `name` and
 * `device.name`; `version` and `os` where they are known. Texts of several groups are put together as uap-core has it, where the
 * processor fills in the first group alone.
 */
export function compileUserAgent(patterns: AgentPatterns): (text: string) => JsonObject {
  const findAgent = compileList(patterns.user_agent_parsers, ['family', 'v1', 'v2', 'v3', 'v4']);
  const findSystem = compileList(patterns.os_parsers, ['os', 'os_v1', 'os_v2', 'os_v3', 'os_v4']);
  const findDevice = compileList(patterns.device_parsers, ['device']);
  return (text) => {
    const { name = UNKNOWN, version } = findAgent(text) ?? {};
    const system = findSystem(text);
    const device = { name: findDevice(text)?.name ?? UNKNOWN };
    return { original: text, name, ...(version && { version }), ...(system && { os: toSystem(system) }), device };
  };
}

interface Found {
  readonly name: string;
  /** Major, minor, patch and build, as far as they are known without a hole. */
  readonly version: string;
}

type Find = (text: string) => Found | undefined;

function toSystem({ name, version }: Found): JsonObject {
  return version === '' ? { name } : { name, version, full: `${name} ${version}` };
}

function compileList(patterns: readonly AgentPattern[], parts: readonly string[]): Find {
  const finds = patterns.map((pattern) => compilePattern(pattern, parts));
  return (text) => {
    for (const find of finds) {
      const found = find(text);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

/** The first part is the name, the others make the version; a part without a replacement is the group of its place. */
function compilePattern(pattern: AgentPattern, parts: readonly string[]): Find {
  const regExp = new RegExp(pattern.regex, pattern.regex_flag);
  const toParts = parts.map((part, index) => compilePart(pattern[`${part}_replacement`], index + 1));
  return (text) => {
    const groups = regExp.exec(text);
    if (groups === null) return undefined;
    const [name = '', ...numbers] = toParts.map((toPart) => toPart(groups));
    if (name === '') return undefined;
    const end = numbers.indexOf('');
    return { name, version: numbers.slice(0, end === -1 ? numbers.length : end).join('.') };
  };
}

function compilePart(replacement: string | undefined, group: number): (groups: RegExpExecArray) => string {
  if (replacement === undefined) return (groups) => groups[group] ?? '';
  if (!replacement.includes('$')) return () => replacement;
  return (groups) => replacement.replaceAll(/\$([1-9])/g, (_, digit: string) => groups[Number(digit)] ?? '').trim();
}
