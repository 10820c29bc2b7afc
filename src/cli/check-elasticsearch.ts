import { type Elasticsearch, openElasticsearch } from '../elasticsearch/client.ts';
import { checkInstalled } from '../package/check-installed.ts';
import { findMissingRights } from '../package/find-missing-rights.ts';
import { toRoles } from '../package/roles.ts';
import { type Finding, toFailure } from './finding.ts';
import type { Opened } from './open-settings.ts';
import { toInstalled } from './targets.ts';

/** Tries the address, the rights and the templates; true where collecting could begin. */
export async function checkElasticsearch(opened: Opened, show: (finding: Finding) => void): Promise<boolean> {
  const client = await openElasticsearch(opened.settings.elasticsearch, { userAgent: opened.userAgent });
  const findings: Finding[] = [];
  const report = (finding: Finding): void => {
    findings.push(finding);
    show(finding);
  };
  try {
    await checkRights(client, opened, report);
    if (findings.every(({ state }) => state === 'ok')) await checkTemplates(client, opened, report);
  } finally {
    await client.close();
  }
  return findings.every(({ state }) => state === 'ok');
}

async function checkRights(client: Elasticsearch, { definition, settings }: Opened, report: (finding: Finding) => void): Promise<void> {
  const what = `Elasticsearch at ${client.url}`;
  try {
    const roles = toRoles({
      packageName: definition.name,
      streams: definition.streams.map(({ name }) => name),
      stateIndex: settings.state.store === 'elasticsearch',
    });
    const missing = await findMissingRights(client, roles.collect);
    report({ state: 'ok', what, detail: 'answers' });
    if (missing.length === 0) return report({ state: 'ok', what: 'rights for collecting' });
    const hint = 'Give the user or API key the role that `install --print-roles` prints under collect.';
    report({ state: 'FAIL', what: 'rights for collecting', detail: `missing ${missing.join(', ')}`, hint });
  } catch (error) {
    report(toFailure(what, error));
  }
}

async function checkTemplates(client: Elasticsearch, opened: Opened, report: (finding: Finding) => void): Promise<void> {
  const { definition } = opened;
  const what = 'templates and ingest pipelines';
  try {
    await checkInstalled(client, toInstalled(opened));
    report({ state: 'ok', what, detail: `${definition.name} ${definition.version} is installed` });
  } catch (error) {
    report(toFailure(what, error));
  }
}
