import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { EngineFailure } from './engine.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const oldestMajor = 21;
const parentFolders = ['/usr/lib/jvm', '/usr/java', '/opt/java', '/Library/Java/JavaVirtualMachines'];

function listChildren(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

function listCandidates(env: Environment): readonly string[] {
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'java'))
    .filter((file) => existsSync(file))
    .map((file) => dirname(dirname(realpathSync(file))));
  const sdkman = env.HOME === undefined ? [] : listChildren(join(env.HOME, '.sdkman/candidates/java'));
  const known = [...parentFolders.flatMap(listChildren), ...sdkman].flatMap((folder) => [folder, join(folder, 'Contents/Home')]);
  return [...(env.JAVA_HOME ? [env.JAVA_HOME] : []), ...onPath, ...known];
}

/** Every JDK says its version in a file `release`: `JAVA_VERSION="21.0.4"`. */
function readMajor(folder: string): number | undefined {
  const release = join(folder, 'release');
  if (!existsSync(join(folder, 'bin/java')) || !existsSync(release)) {
    return undefined;
  }
  const major = /^JAVA_VERSION="(\d+)/m.exec(readFileSync(release, 'utf8'))?.[1];
  return major === undefined ? undefined : Number(major);
}

/**
 * The folder of the JDK that is to run an engine: `ES_JAVA_HOME`, else the one inside the distribution, else the oldest of version 21 or newer that
 * is found in JAVA_HOME, on the PATH and in the usual places. The oldest, because an engine is tested with no JDK younger than itself.
 *
 * @throws EngineFailure where there is none.
 */
export function findJava(env: Environment, home?: string): string {
  const named = env.ES_JAVA_HOME;
  if (named) {
    if (!existsSync(join(named, 'bin/java'))) {
      throw new EngineFailure(`ES_JAVA_HOME=${named} has no bin/java`);
    }
    return named;
  }
  const bundled = home === undefined ? [] : [join(home, 'jdk'), join(home, 'jdk.app/Contents/Home')].filter((folder) => existsSync(join(folder, 'bin/java')));
  const found = listCandidates(env)
    .map((folder) => ({ folder, major: readMajor(folder) ?? 0 }))
    .filter(({ major }) => major >= oldestMajor)
    .sort((a, b) => a.major - b.major);
  const java = bundled[0] ?? found[0]?.folder;
  if (java === undefined) {
    throw new EngineFailure(`found no JDK of version ${oldestMajor} or newer; name one in ES_JAVA_HOME`);
  }
  return java;
}
