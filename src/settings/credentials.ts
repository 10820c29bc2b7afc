import type { CloudflareCredential, ElasticsearchCredential } from './settings.ts';
import type { Report } from './to-settings.ts';

type Values = Readonly<Record<string, unknown>>;

function given(values: Values, names: readonly string[]): readonly string[] {
  return names.filter((name) => typeof values[name] === 'string' && values[name] !== '');
}

/** The one credential of a connection; an API token, or e-mail and global key. Partial and mixed ones are reported with the exact reason. */
export function toConnectionCredential(values: Values, report: Report): CloudflareCredential {
  const present = given(values, ['api_token', 'auth_email', 'auth_key']);
  const [hasToken, hasEmail, hasKey] = ['api_token', 'auth_email', 'auth_key'].map((name) => present.includes(name));
  const either = 'Set api_token, or auth_email and auth_key.';
  if (present.length === 0) report('', 'the connection has no credential', either);
  else if (hasToken && present.length > 1)
    report('', `the connection mixes ${present.join(' and ')}`, `${either} An API token is preferred: remove the others.`);
  else if (hasEmail && !hasKey) report('', 'auth_email has no auth_key beside it', 'Add auth_key, the Global API Key of that user.');
  else if (hasKey && !hasEmail) report('', 'auth_key has no auth_email beside it', "Add auth_email, the e-mail address of the key's user.");
  checkHeaderText(values, present, report);
  if (hasToken) return { kind: 'token', token: String(values.api_token) };
  return { kind: 'key', email: String(values.auth_email ?? ''), key: String(values.auth_key ?? '') };
}

/** A header cannot hold white space or control characters; mostly a line end or a word too much from a paste. */
function checkHeaderText(values: Values, names: readonly string[], report: Report): void {
  for (const name of names) {
    if (!/^[\x21-\x7e]+$/.test(String(values[name]))) {
      report(`.${name}`, 'the value has blanks or characters that no credential has', 'Copy it again, without the word Bearer and without blanks.');
    }
  }
}

/** API key, or user name and password, or none; faults are reported at the section, by default `elasticsearch`. */
export function toElasticsearchCredential(values: Values, report: Report, section = 'elasticsearch'): ElasticsearchCredential {
  const present = given(values, ['api_key', 'username', 'password']);
  const fault = (message: string): void => report(section, message, 'Set api_key, or username and password, or none of them.');
  if (present.includes('api_key')) {
    if (present.length > 1) fault(`${present.join(' and ')} are mixed`);
    return { kind: 'apiKey', apiKey: String(values.api_key) };
  }
  if (present.length === 1) fault(`${present[0]} is given alone`);
  if (present.length < 2) return { kind: 'none' };
  return { kind: 'basic', username: String(values.username), password: String(values.password) };
}
