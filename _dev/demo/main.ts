import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderTable } from '../../src/cli/render-table.ts';
import { removeLeftoversAtExit } from '../elasticsearch/leftovers.ts';
import { NoElasticsearchError, provideElasticsearch } from '../elasticsearch/provide-elasticsearch.ts';
import { answerQuestions } from './answer-questions.ts';
import { installOn } from './install-on.ts';
import { CommandFailure, runCommand } from './run-command.ts';
import { startWorld } from './start-world.ts';
import { writeSettings } from './write-settings.ts';

const usage = `Usage: npm run demo [-- --keep]

Starts an Elasticsearch and a simulated Cloudflare API on this machine, builds the package, installs it, collects seven days of audit events
and an hour of HTTP request logs, and answers questions from a search.

Options:
  --keep   leave Elasticsearch up at the end, until Ctrl-C
  --help   show this`;

const started = performance.now();
const say = (line: string): void => console.log(`[${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s] ${line}`);

interface Totals {
  readonly streams: Readonly<Record<string, Readonly<Record<'read' | 'created' | 'duplicate' | 'dead', number>>>>;
}

/** The whole demo; what it started is stopped in any case. */
async function demonstrate(keep: boolean, signal: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudflare-demo-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const engine = await provideElasticsearch({ env: process.env, log: say });
    stops.push(engine.stop);
    const world = await startWorld();
    stops.push(world.close);
    say(`Cloudflare: simulated at ${world.url}, account ${world.accountId}, zone ${world.zoneId}`);

    const settings = await writeSettings(folder, { engine, world });
    await runCommand(['build', '--out', join(folder, 'build')], { signal });
    say('built the package');
    say(await installOn(engine));
    const times = await collect(settings, signal);
    await answerQuestions(engine, console.log);
    say(`done: ${times}`);
    if (keep) await keepUp(engine.url, settings, signal);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** Collects each stream by itself, so that its seconds are its own. */
async function collect(settings: readonly { readonly stream: string; readonly file: string }[], signal: AbortSignal): Promise<string> {
  const rows: string[][] = [];
  for (const { stream, file } of settings) {
    say(`collecting ${stream}`);
    const from = performance.now();
    const output = await runCommand(['collect', '--once', '--json', '--config', file], { signal, onLog: (line) => say(`  ${line}`) });
    const { streams } = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Totals;
    const seconds = (performance.now() - from) / 1000;
    const counts = streams[stream];
    if (counts === undefined) throw new Error(`collect printed no totals of ${stream}`);
    rows.push([stream, ...[counts.read, counts.created, counts.duplicate, counts.dead].map(String), seconds.toFixed(1)]);
  }
  console.log(`\n${renderTable(['stream', 'read', 'created', 'duplicate', 'dead', 'seconds'], rows)}\n`);
  return rows.map(([stream, , created]) => `${created} ${stream} events`).join(', ');
}

async function keepUp(url: string, settings: readonly { readonly file: string }[], signal: AbortSignal): Promise<void> {
  console.log(`\nElasticsearch stays up at ${url} until Ctrl-C; the settings are ${settings.map(({ file }) => file).join(' and ')}`);
  await new Promise<void>((resolve) => {
    const alive = setInterval(() => {}, 60_000);
    signal.addEventListener('abort', () => {
      clearInterval(alive);
      resolve();
    });
  });
}

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort(new Error(`stopped by ${name}`)));
removeLeftoversAtExit();

if (values.help) {
  console.log(usage);
} else {
  await demonstrate(values.keep, controller.signal).catch((error: unknown) => {
    const expected = error instanceof NoElasticsearchError || error instanceof CommandFailure;
    console.error(expected ? error.message : error);
    process.exitCode = error instanceof NoElasticsearchError ? 2 : 1;
  });
}
