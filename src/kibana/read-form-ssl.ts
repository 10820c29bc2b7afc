import { load } from 'js-yaml';

/** What is wrong with the text, and what to do. */
export interface SslFault {
  readonly message: string;
  readonly hint: string;
}

const KEYS = ['certificate_authorities', 'certificate', 'key', 'verification_mode'];
const FORM = `Write YAML with ${KEYS.slice(0, -1).join(', ')} (paths of PEM files on the collector's machine) and verification_mode, or leave it empty.`;

/**
 * What the form's field `ssl` says, as the settings file has it: YAML with the names that Beats give their options, see
 * https://www.elastic.co/docs/reference/beats/filebeat/configuration-ssl. What the collector cannot do is a fault; undefined where nothing is said.
 */
export function readFormSsl(text: unknown): { readonly ssl?: object } | SslFault {
  const tree = parse(text);
  if (tree === null || tree === undefined) return {};
  if (typeof tree !== 'object' || Array.isArray(tree)) return { message: 'this is no YAML with options', hint: FORM };
  const { enabled, ...ssl } = tree as Readonly<Record<string, unknown>>;
  if (enabled === false) return {};
  const unknown = Object.keys(ssl).filter((key) => !KEYS.includes(key));
  if (unknown.length > 0) return { message: `the collector does not know ${unknown.join(', ')}`, hint: FORM };
  const inline = Object.keys(ssl).filter((key) => JSON.stringify(ssl[key]).includes('-----BEGIN'));
  if (inline.length > 0) return { message: `${inline.join(' and ')} hold a certificate or key itself`, hint: `Put it into a file. ${FORM}` };
  return { ssl };
}

/** The parser's own message would show the text, which may hold a key. */
function parse(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return load(text);
  } catch {
    // Of nothing but comments and blank lines the parser says that there is no document.
    return text.split('\n').every((line) => /^\s*(#.*)?$/.test(line)) ? undefined : text;
  }
}
