/** Every error class of the project. Each says who must act: the author of a definition, the operator, or nobody (retry). */

/** What the collector does about an answer of Cloudflare; the table is `src/cloudflare/error-table.ts`. */
export type Act = 'retry' | 'wait' | 'split' | 'jump' | 'pause' | 'bug';

/** One thing wrong with a file a person wrote. */
export interface Fault {
  /** The file, relative to the folder that was read. */
  readonly file: string;
  /** Where in the file, as dotted path, e.g. `fields[3].name`; empty for the file itself. */
  readonly path: string;
  /** What is wrong. */
  readonly message: string;
  /** What to do, as an instruction. */
  readonly hint: string;
}

interface IntegrationErrorOptions {
  readonly hint: string;
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** Base of all errors that a person may see without a stack; anything else that escapes is a bug. */
export abstract class IntegrationError extends Error {
  /** Stable identifier, e.g. `SETTINGS`. */
  abstract readonly code: string;
  /** Whether the same attempt may succeed later without anybody acting. */
  readonly retryable: boolean;
  /** What to do, as an instruction. */
  readonly hint: string;

  constructor(message: string, options: IntegrationErrorOptions) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.retryable = options.retryable ?? false;
    this.hint = options.hint;
  }
}

function renderFaults(what: string, faults: readonly Fault[]): string {
  const lines = faults.map(({ file, path, message, hint }) => `  ${file}${path === '' ? '' : ` ${path}`}: ${message}\n    ${hint}`);
  return `${what} (${faults.length} ${faults.length === 1 ? 'fault' : 'faults'})\n${lines.join('\n')}`;
}

/** Declarations that cannot be compiled; for the author of the definition. */
export class DefinitionError extends IntegrationError {
  readonly code = 'DEFINITION';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(renderFaults('the declarations have faults', faults), { hint: 'Mend the named places and build again.' });
    this.faults = faults;
  }
}

/** Settings that cannot be used; for the operator. */
export class SettingsError extends IntegrationError {
  readonly code = 'SETTINGS';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(renderFaults('the settings have faults', faults), { hint: 'Mend the named places in the settings file.' });
    this.faults = faults;
  }
}

/** An integration policy in Kibana that cannot be collected; for who typed it in. */
export class PolicyError extends IntegrationError {
  readonly code = 'POLICY';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(renderFaults('an integration policy cannot be collected', faults), { hint: 'Mend it in Kibana, under Integrations > Integration policies.' });
    this.faults = faults;
  }
}

/** A command called in a way that it cannot be run; for the operator. */
export class UsageError extends IntegrationError {
  readonly code = 'USAGE';
}

interface CloudflareErrorOptions extends IntegrationErrorOptions {
  readonly act: Act;
  /** HTTP status; undefined when no answer came. */
  readonly status?: number | undefined;
  /** The codes in the body, outermost first. */
  readonly codes?: readonly number[];
  /** How long Cloudflare asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The `cf-ray` header: Cloudflare's support asks for it. */
  readonly ray?: string | undefined;
  /** Cloudflare had the request and did not answer it in time. @default false */
  readonly timedOut?: boolean;
}

/** A request that Cloudflare refused, or that got no usable answer. */
export class CloudflareError extends IntegrationError {
  readonly code = 'CLOUDFLARE';
  readonly act: Act;
  readonly status: number | undefined;
  readonly codes: readonly number[];
  readonly retryAfterMs: number | undefined;
  readonly ray: string | undefined;
  readonly timedOut: boolean;

  constructor(message: string, options: CloudflareErrorOptions) {
    super(message, { ...options, retryable: options.act === 'retry' || options.act === 'wait' });
    this.act = options.act;
    this.status = options.status;
    this.codes = options.codes ?? [];
    this.retryAfterMs = options.retryAfterMs;
    this.ray = options.ray;
    this.timedOut = options.timedOut ?? false;
  }
}

/** Elasticsearch refused, or could not be reached. `retryable` tells refusals for now from refusals for good. */
export class ElasticsearchError extends IntegrationError {
  readonly code = 'ELASTICSEARCH';
}

interface KibanaErrorOptions extends IntegrationErrorOptions {
  /** Names the row of `src/kibana/error-table.ts` that was found. */
  readonly reason: string;
  /** HTTP status; undefined when no answer came. */
  readonly status?: number | undefined;
  /** How long Kibana asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** Kibana refused, or could not be reached. `retryable` tells refusals for now from refusals for good. */
export class KibanaError extends IntegrationError {
  readonly code = 'KIBANA';
  readonly reason: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: KibanaErrorOptions) {
    super(message, options);
    this.reason = options.reason;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The data streams' templates or pipelines are missing or not ours. */
export class NotInstalledError extends IntegrationError {
  readonly code = 'NOT_INSTALLED';
}

/** The collector's state cannot be used: another version, another cluster, another process. */
export class StateError extends IntegrationError {
  readonly code = 'STATE';
}

/** Something asked the program to stop: SIGINT or SIGTERM. */
export class InterruptedError extends IntegrationError {
  readonly code = 'INTERRUPTED';
}

/** Another collector has taken over a partition, since this one was silent for too long; nobody need act. */
export class LeaseLostError extends IntegrationError {
  readonly code = 'LEASE_LOST';
}

/** What went wrong below HTTP, in one line; the errors of several addresses tried are all named. */
export function describeCause(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(describeCause).join('; ');
  if (!(cause instanceof Error)) return String(cause);
  const code = (cause as NodeJS.ErrnoException).code;
  const words = cause.message === '' ? cause.name : cause.message;
  const inner = cause.cause instanceof Error ? `: ${describeCause(cause.cause)}` : '';
  return `${words}${code === undefined || words.includes(code) ? '' : ` ${code}`}${inner}`.slice(0, 500);
}
