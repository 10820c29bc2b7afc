import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findJava } from '../../../_dev/elasticsearch/find-java.ts';

const root = mkdtempSync(join(tmpdir(), 'find-java-'));
afterAll(() => rmSync(root, { recursive: true }));

function makeJdk(name: string, version: string): string {
  const folder = join(root, name);
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'bin/java'), '');
  writeFileSync(join(folder, 'release'), `IMPLEMENTOR="Somebody"\nJAVA_VERSION="${version}"\n`);
  return folder;
}

describe('findJava', () => {
  const old = makeJdk('old', '17.0.15');
  const exact = makeJdk('exact', '21');

  it('takes ES_JAVA_HOME before all others', () => {
    const home = join(root, 'with-jdk');
    makeJdk('with-jdk/jdk', '25.0.1');
    expect(findJava({ ES_JAVA_HOME: old, JAVA_HOME: exact }, home)).toBe(old);
    expect(findJava({ JAVA_HOME: exact }, home)).toBe(join(home, 'jdk'));
  });

  it('says what is wrong with ES_JAVA_HOME instead of taking another', () => {
    expect(() => findJava({ ES_JAVA_HOME: root, JAVA_HOME: exact })).toThrow(`ES_JAVA_HOME=${root} has no bin/java`);
  });

  it('takes the oldest of version 21 or newer from JAVA_HOME, the PATH and the home folder', () => {
    makeJdk('user/.sdkman/candidates/java/22', '22.0.2');
    mkdirSync(join(root, 'bin'));
    symlinkSync(join(exact, 'bin/java'), join(root, 'bin/java'));
    expect(findJava({ JAVA_HOME: old, HOME: join(root, 'user'), PATH: join(root, 'bin') })).toBe(exact);
    expect(findJava({ JAVA_HOME: exact, HOME: join(root, 'user'), PATH: '' })).toBe(exact);
  });

  it('ignores folders that are no JDK', () => {
    expect(findJava({ JAVA_HOME: join(root, 'nonsense'), HOME: join(root, 'nobody'), PATH: `/nonsense:${join(root, 'bin')}` })).toBe(exact);
  });
});
