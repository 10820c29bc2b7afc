/** What is about to be sent. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A good answer. */
export function toReply(body: unknown): Reply {
  return { status: 200, body };
}

const NAMES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};

/** A refusal in the form that all of Kibana's have. */
export function toRefusal(statusCode: number, message: string): Reply {
  return { status: statusCode, body: { statusCode, error: NAMES[statusCode] ?? 'Error', message } };
}

/** A refusal that ends a request from wherever it is found. */
export class Refused extends Error {
  readonly reply: Reply;

  constructor(statusCode: number, message: string, headers?: Readonly<Record<string, string>>) {
    super(message);
    this.reply = { ...toRefusal(statusCode, message), ...(headers === undefined ? {} : { headers }) };
  }
}
