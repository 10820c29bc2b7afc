import { errorHints as hints } from './error-hints.ts';

/** What is wrong with getting an answer, or with one that Kibana calls good. */
export type KibanaFault = 'network' | 'proxy' | 'certificate' | 'timeout' | 'no-json' | 'no-kibana' | 'redacted';

/** One kind of refusal. All conditions that a row names must hold. */
export interface KibanaErrorRow {
  /** Names the row in tests and in `KibanaError.reason`. */
  readonly name: string;
  /** What to do, before it is filled in. */
  readonly hint: string;
  /** Lowest and highest HTTP status. */
  readonly status?: readonly [from: number, to: number];
  /** Matches Kibana's message. */
  readonly text?: RegExp;
  readonly fault?: KibanaFault;
  /** Whether the same attempt may succeed later. @default false */
  readonly retryable?: boolean;
}

/**
 * What follows from an answer of Kibana that is no success; the first row that fits counts. The status decides, then the text: texts are those of
 * Kibana's Fleet plugin, and vary between versions.
 */
export const errorTable: readonly KibanaErrorRow[] = [
  { name: 'certificate', fault: 'certificate', hint: hints.certificate },
  { name: 'network', fault: 'network', retryable: true, hint: hints.network },
  { name: 'timeout', fault: 'timeout', retryable: true, hint: hints.timeout },
  { name: 'no-json', fault: 'no-json', hint: hints.address },
  { name: 'no-kibana', fault: 'no-kibana', hint: hints.address },
  { name: 'redacted', fault: 'redacted', hint: hints.credential },
  { name: 'moved', status: [300, 399], hint: hints.moved },
  { name: 'credential', status: [401, 401], hint: hints.credential },
  { name: 'proxy', fault: 'proxy', hint: hints.proxy },
  { name: 'space', status: [403, 404], text: /\bspace\b/i, hint: hints.space },
  { name: 'right', status: [403, 403], hint: hints.right },
  {
    name: 'name-in-registry',
    status: [400, 400],
    text: /already exists in the package registry|replaces the \S+-installed package/i,
    hint: hints.registryName,
  },
  { name: 'registry-unreachable', status: [400, 400], text: /could not verify that uploaded package name/i, hint: hints.registry },
  { name: 'live-data-streams', status: [400, 400], text: /live data stream|existing elasticsearch data stream/i, hint: hints.liveDataStreams },
  { name: 'licence', status: [400, 403], text: /enterprise licen[cs]e|reusable integration policies/i, hint: hints.licence },
  { name: 'no-agent-policy', status: [404, 404], text: /agent policy not found/i, hint: hints.agentPolicy },
  { name: 'dataset-owned', status: [400, 400], text: /already owned by installed package/i, hint: hints.datasetOwned },
  { name: 'forbidden-asset', status: [400, 400], text: /forbidden asset/i, hint: hints.forbiddenAsset },
  { name: 'too-many-values', status: [400, 400], text: /array size is \[\d+\], but cannot be greater/i, hint: hints.tooManyValues },
  { name: 'too-old', status: [400, 400], text: /requires? kibana|not compatible|kibana version|out-of-date/i, hint: hints.tooOld },
  { name: 'in-use', status: [400, 409], text: /existing package polic|in use by agent/i, hint: hints.inUse },
  { name: 'unknown-input', status: [400, 400], text: /(input|stream) not found|variable .* not found/i, hint: hints.otherForm },
  { name: 'values', status: [400, 400], text: /package policy is invalid/i, hint: hints.values },
  { name: 'saved-objects', status: [400, 400], text: /creating saved objects|more recent version of kibana/i, hint: hints.savedObjects },
  { name: 'archive', status: [400, 400], text: /archive|manifest|zip/i, hint: hints.archive },
  { name: 'concurrent', status: [409, 409], text: /concurrent|being installed|in progress/i, retryable: true, hint: hints.concurrent },
  { name: 'name-taken', status: [409, 409], text: /name|already exists/i, hint: hints.nameTaken },
  { name: 'conflict', status: [409, 409], retryable: true, hint: hints.concurrent },
  { name: 'media-type', status: [415, 415], hint: hints.archive },
  { name: 'too-large', status: [413, 413], hint: hints.tooLarge },
  { name: 'not-found', status: [404, 404], hint: hints.notFound },
  { name: 'busy', status: [429, 429], retryable: true, hint: hints.busy },
  { name: 'registry-down', status: [502, 502], text: /registry/i, retryable: true, hint: hints.registry },
  { name: 'starting', status: [503, 503], retryable: true, hint: hints.starting },
  { name: 'server', status: [500, 599], retryable: true, hint: hints.server },
  { name: 'unknown', hint: hints.unknown },
];

/** What an answer is matched by. */
export interface KibanaErrorFacts {
  /** HTTP status; undefined when no answer came. */
  readonly status?: number | undefined;
  readonly fault?: KibanaFault | undefined;
  readonly text: string;
}

const LAST = errorTable[errorTable.length - 1] as KibanaErrorRow;

/** The row that an answer falls under; there is always one. */
export function findErrorRow(facts: KibanaErrorFacts): KibanaErrorRow {
  return errorTable.find((row) => fits(row, facts)) ?? LAST;
}

function fits({ fault, status, text }: KibanaErrorRow, facts: KibanaErrorFacts): boolean {
  if (fault !== facts.fault) return false;
  if (status !== undefined && (facts.status === undefined || facts.status < status[0] || facts.status > status[1])) return false;
  return text === undefined || text.test(facts.text);
}
