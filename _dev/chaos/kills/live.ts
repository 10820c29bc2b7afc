import type { ChaosWorld } from '../chaos-world.ts';
import type { ProxiedRequest } from '../elasticsearch-proxy.ts';
import type { Program } from '../program.ts';
import { type Moment, openTrigger, type Trigger } from './moment.ts';
import { readStateFiles, type StateFile, watchStateFiles } from './state-files.ts';

/** Where a life ended, in the order of a window. */
export const PHASES = [
  'before its first request to Cloudflare',
  'reading, nothing of the window sent',
  'intent saved, nothing of the window sent',
  'between first bulk and checkpoint, bulk under way',
  'between first bulk and checkpoint, bulk answered',
  'after a checkpoint, nothing open',
] as const;
export type Phase = (typeof PHASES)[number];

/** How a process ended, and what it did that it must not. */
export type End = { readonly faults: readonly string[] } & (
  | { readonly kind: 'killed'; readonly phase: Phase; readonly moment: Moment }
  | { readonly kind: 'done'; readonly code: number | string; readonly stderr: string }
);

interface Life {
  readonly world: ChaosWorld;
  readonly program: Program;
  readonly argv: readonly string[];
  readonly cwd: string;
}

/** What one process did, as it is seen from outside. */
interface Trace {
  requests: number;
  checkpoints: number;
  /** By stream, source and scope: the open intent when a bulk request of it went to Elasticsearch, and how many of them were answered. */
  readonly sent: Map<string, { readonly intent: string | undefined; underWay: number }>;
  readonly faults: string[];
}

const PATIENCE_MS = 8_000;

/** Runs a collector until its moment has come, and kills it; one that is done before ends by itself. */
export async function live(life: Life, moment: Moment): Promise<End> {
  const { argv, cwd, program, world } = life;
  const trace: Trace = { requests: 0, checkpoints: 0, sent: new Map(), faults: [] };
  const before = readStateFiles(world.statePath);
  const child = program.start(argv, cwd);
  let underWay: Trace['sent'] | undefined;
  const trigger = openTrigger(moment, PATIENCE_MS, () => {
    underWay ??= new Map([...trace.sent].map(([scope, sent]) => [scope, { ...sent }]));
    child.kill('SIGKILL');
  });
  const close = observe(world, trace, trigger);
  trigger.tell('start');
  const ended = await child.ended;
  trigger.stop();
  close();
  if (ended !== 'SIGKILL') return { kind: 'done', code: ended, stderr: child.stderr(), faults: trace.faults };
  return {
    kind: 'killed',
    moment,
    faults: trace.faults,
    phase: toPhase({ trace, before, after: readStateFiles(world.statePath), sent: underWay ?? trace.sent }),
  };
}

function observe({ cloudflare, proxy, statePath }: ChaosWorld, trace: Trace, trigger: Trigger): () => void {
  const unwatch = watchStateFiles(statePath, (event) => {
    if (event === 'checkpoint') trace.checkpoints += 1;
    trigger.tell(event);
  });
  const unserve = cloudflare.ledger.onServed(() => {
    trace.requests += 1;
    trigger.tell('request');
  });
  proxy.intervene(async (request, forward) => {
    if (/\/_search(\?|$)/.test(request.path)) trigger.tell('lookup');
    if (!request.isBulk || !IS_EVENTS.test(request.path)) return forward();
    trigger.tell('bulk arrives');
    const sent = noteSent(trace, statePath, request);
    const answer = forward();
    trigger.tell('bulk is under way');
    await answer;
    sent.underWay -= 1;
    // After the answer has left for the collector.
    setImmediate(() => trigger.tell('bulk is answered'));
    return answer;
  });
  return () => {
    unwatch();
    unserve();
    proxy.intervene();
  };
}

const IS_EVENTS = /^\/logs-[^/]*\.(audit|logpull|user_audit|access)-/;

/** In server mode each document names its source and its account, zone or user; the rest of it is escaped text. */
const SCOPE = /"_conf":\{"source":"(\w+)"[^}]*"(?:account|zone|user)_id":"([0-9a-f]{32}|user)"/;

function noteSent(trace: Trace, statePath: string, { body, path }: ProxiedRequest): { underWay: number } {
  const [, stream] = IS_EVENTS.exec(path) ?? [];
  const [, source, id] = SCOPE.exec(body.toString('latin1', 0, 1_000_000)) ?? [];
  if (id === undefined) throw new Error('a bulk request names no account, no zone and no user');
  const scope = `${stream}/${source}/${id}`;
  const intent = readStateFiles(statePath).find(({ key }) => key.endsWith(`/${scope}`))?.intent;
  if (intent === undefined) trace.faults.push(`records of ${scope} were sent before the intent was saved`);
  const known = trace.sent.get(scope);
  const sent: { readonly intent: string | undefined; underWay: number } = known !== undefined && known.intent === intent ? known : { intent, underWay: 0 };
  trace.sent.set(scope, sent);
  sent.underWay += 1;
  return sent;
}

interface Seen {
  readonly trace: Trace;
  readonly before: readonly StateFile[];
  readonly after: readonly StateFile[];
  /** As it was when the process was killed. */
  readonly sent: Trace['sent'];
}

/** What the dead process left behind tells where it was; of several partitions the one that was furthest in its window counts. */
function toPhase({ after, before, sent, trace }: Seen): Phase {
  const open = after.filter(({ intent }) => intent !== undefined);
  const begun = open.flatMap(({ intent, key }) => {
    const found = sent.get(key.split('/').slice(-3).join('/'));
    return found !== undefined && found.intent === intent ? [found] : [];
  });
  if (begun.some(({ underWay }) => underWay > 0)) return 'between first bulk and checkpoint, bulk under way';
  if (begun.length > 0) return 'between first bulk and checkpoint, bulk answered';
  const opened = open.some(({ intent, key }) => before.find((file) => file.key === key)?.intent !== intent);
  if (opened) return 'intent saved, nothing of the window sent';
  if (trace.requests === 0) return 'before its first request to Cloudflare';
  return trace.checkpoints > 0 && open.length === 0 ? 'after a checkpoint, nothing open' : 'reading, nothing of the window sent';
}
