import type { TextStream } from './context.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line of the log; field names as ECS has them, or below `cloudflare.`. */
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

interface LogOptions {
  readonly stream: TextStream;
  readonly now: () => Date;
  /** Texts that never appear, whoever logs them. */
  readonly secrets?: readonly string[];
}

/** Logs as ECS JSON lines, or readable ones where the stream is a terminal. */
export function openLog({ stream, now, secrets = [] }: LogOptions): Log {
  const render = stream.isTTY === true ? readable : json;
  return (level, message, fields = {}) => {
    const line = render(now(), level, message, fields);
    stream.write(`${redact(line, secrets)}\n`);
  };
}

function json(time: Date, level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ '@timestamp': time.toISOString(), 'log.level': level, message, 'ecs.version': '9.4.0', ...fields });
}

function readable(time: Date, level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>): string {
  const details = Object.entries(fields).map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${time.toISOString().slice(11, 19)} ${level.padEnd(5)} ${message}${details.join('')}`;
}

/** The text without the secrets, as they are and as JSON and addresses write them; short ones are left, they would tear holes into everything. */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets.filter((secret) => secret.length >= 8).flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  return forms.reduce((clean, form) => clean.replaceAll(form, '[redacted]'), text);
}
