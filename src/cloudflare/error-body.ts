/** What a refusing body says, whatever its form. */
export interface ErrorBody {
  /** The codes, outermost first. */
  readonly codes: readonly number[];
  /** One text per error, with its code: `10000 Authentication error`. */
  readonly messages: readonly string[];
  /** Page of Cloudflare's documentation that the body names. */
  readonly documentationUrl: string | undefined;
}

interface JsonError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly error?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly error_code?: unknown;
  readonly documentation_url?: unknown;
  readonly error_chain?: unknown;
  readonly errors?: unknown;
}

const MAX_TEXT = 300;

/** Reads Cloudflare's envelope, the flat form, an edge problem document, HTML or plain text; never throws. */
export function parseErrorBody(text: string): ErrorBody {
  const errors = toErrors(text);
  if (errors === undefined) return { codes: [], messages: toPlain(text), documentationUrl: undefined };
  const flat = errors.flatMap((error) => [error, ...toList(error.error_chain)]);
  return {
    codes: flat.map(({ code, error_code }) => Number(code ?? error_code)).filter((code) => Number.isInteger(code)),
    messages: flat.map(toMessage).filter((message) => message !== ''),
    documentationUrl: flat.map(({ documentation_url }) => documentation_url).find(isHttps),
  };
}

/** The errors of a JSON body; undefined where it is no JSON object. */
function toErrors(text: string): readonly JsonError[] | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null) return undefined;
    const { errors } = body as JsonError;
    return Array.isArray(errors) && errors.length > 0 ? toList(errors) : [body as JsonError];
  } catch {
    return undefined;
  }
}

function toList(value: unknown): readonly JsonError[] {
  return Array.isArray(value) ? value.filter((item): item is JsonError => typeof item === 'object' && item !== null) : [];
}

function toMessage({ code, error_code, message, error, title, detail }: JsonError): string {
  const words = [message, error, detail, title].find((part) => typeof part === 'string' && part !== '');
  const number = code ?? error_code;
  return [number, words]
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(' ')
    .slice(0, MAX_TEXT);
}

/** The title of a page of HTML, else the text itself. */
function toPlain(text: string): readonly string[] {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1];
  const plain = (title ?? text.replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ').trim();
  return plain === '' ? [] : [plain.slice(0, MAX_TEXT)];
}

function isHttps(value: unknown): value is string {
  return typeof value === 'string' && /^https:\/\/[^\s"<>]{1,500}$/.test(value);
}
