import type { ChangelogDeclaration } from './declaration.ts';
import type { Report } from './report.ts';
import { isNewer, parseVersion } from './semver.ts';

/**
 * What the changelog says: its first entry is the package's version, versions fall, and each change names where it was discussed.
 *
 * @param version of manifest.yml; undefined where the manifest could not be read
 */
export function checkChangelog(changelog: ChangelogDeclaration, version: string | undefined, report: Report): void {
  const newest = changelog[0]?.version;
  if (version !== undefined && newest !== version) {
    report(
      '[0].version',
      `the newest entry is ${newest}, but manifest.yml has version ${version}`,
      `Add an entry for ${version} on top, or correct one of the two.`,
    );
  }
  for (const [index, entry] of changelog.entries()) {
    const path = `[${index}]`;
    if (parseVersion(entry.version) === undefined) report(`${path}.version`, `${entry.version} is no version`, 'Write three numbers, e.g. 0.1.0.');
    const next = changelog[index + 1];
    if (next !== undefined && [entry, next].every(({ version }) => parseVersion(version) !== undefined) && !isNewer(entry.version, next.version)) {
      report(`${path}.version`, `${entry.version} stands above ${next.version}`, 'Put the newest version on top; each version stands once.');
    }
    for (const [position, change] of entry.changes.entries()) {
      if ((change.pull === undefined) === (change.issue === undefined)) {
        report(`${path}.changes[${position}]`, 'the change does not name one place where it was discussed', 'Add pull or issue with its number.');
      }
    }
  }
}
