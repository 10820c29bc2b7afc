import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { EngineFailure, type EngineRequest } from './engine.ts';
import { findJava } from './find-java.ts';
import { noteLeftover } from './leftovers.ts';

const artifact = 'org.elasticsearch.distribution.integ-test-zip:elasticsearch';
const programPattern = /^elasticsearch[a-z-]*$/;

/** Root's own cache is closed to the user as whom Elasticsearch has to run. */
function findCacheFolder(env: EngineRequest['env'], ownUid: number | undefined): string {
  const base = env.XDG_CACHE_HOME || (ownUid === 0 ? '/var/cache' : join(env.HOME ?? homedir(), '.cache'));
  return join(base, 'cloudflare-integration', 'elasticsearch-core');
}

function waitForEnd(child: ChildProcess, name: string): Promise<void> {
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      written = `${written}${chunk}`.slice(-4_000);
    });
  }
  const forget = noteLeftover(() => child.kill('SIGKILL'));
  return new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(new EngineFailure(`${name} could not be run (${error.message})`)));
    child.once('close', (code) => (code === 0 ? resolve() : reject(new EngineFailure(`${name} ended with ${code}:\n${written.trim()}`))));
  }).finally(forget);
}

async function unpack(request: EngineRequest, archive: string, into: string): Promise<void> {
  const jar = join(findJava(request.env), 'bin/jar');
  await waitForEnd(spawn(jar, ['--extract', '--file', archive], { cwd: into, stdio: ['ignore', 'pipe', 'pipe'] }), jar);
}

/** `jar` forgets which files are programs. */
function markPrograms(home: string): void {
  const programs = join(home, 'bin');
  for (const name of readdirSync(programs)) {
    if (programPattern.test(name)) {
      chmodSync(join(programs, name), 0o755);
    }
  }
}

/**
 * The folder of the server core of one version, fetched once from Maven Central (about 100 MB) by the `mvn` client, which also knows its mirrors, and kept
 * in the user's cache folder. Without the right to download it takes what `mvn` has already.
 *
 * @throws EngineFailure where there is no JDK or `mvn`, or it cannot be fetched.
 */
export async function fetchCore(version: string, request: EngineRequest): Promise<string> {
  const { env, mayDownload, log } = request;
  findJava(env);
  const cache = findCacheFolder(env, process.getuid?.());
  const home = join(cache, version);
  if (existsSync(home)) {
    return home;
  }
  mkdirSync(cache, { recursive: true, mode: 0o755 });
  const work = mkdtempSync(join(cache, '.work-'));
  const forget = noteLeftover(() => rmSync(work, { recursive: true, force: true }));
  try {
    log(`Elasticsearch: fetching the server core ${version} with mvn (${mayDownload ? 'about 100 MB, once' : 'only if mvn has it already'})`);
    const options = ['-q', '-B', ...(mayDownload ? [] : ['-o']), 'dependency:copy', `-Dartifact=${artifact}:${version}:zip`, `-DoutputDirectory=${work}`];
    await waitForEnd(spawn('mvn', [...options, '-Dmdep.useBaseVersion=true'], { cwd: work, env, stdio: ['ignore', 'pipe', 'pipe'] }), 'mvn');
    await unpack(request, join(work, `elasticsearch-${version}.zip`), work);
    const unpacked = join(work, `elasticsearch-${version}`);
    markPrograms(unpacked);
    chmodSync(unpacked, 0o755);
    if (!existsSync(home)) {
      renameSync(unpacked, home);
    }
    return home;
  } finally {
    rmSync(work, { recursive: true, force: true });
    forget();
  }
}
