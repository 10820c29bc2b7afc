import { packageAnswer, removedAnswer, uploadAnswer } from '../answer-schemas.ts';
import type { Call } from '../call.ts';
import { checkUpload } from '../check-upload.ts';
import type { Endpoint } from '../endpoint.ts';
import type { InstalledPackage } from '../package-info.ts';
import { readArchive, toElasticsearchAssets, toTemplates } from '../read-archive.ts';
import { readSavedObjects } from '../read-saved-objects.ts';
import { Refused, type Reply, toReply } from '../reply.ts';
import { toAgents } from '../to-agents.ts';
import { isIn } from '../version.ts';
import type { World } from '../world.ts';

/** `POST /api/fleet/epm/packages`: a package is uploaded. */
export const uploadPackage: Endpoint = {
  method: 'POST',
  path: '/api/fleet/epm/packages',
  needs: 'all',
  query: { ignoreMappingUpdateErrors: 'boolean', skipDataStreamRollover: 'boolean' },
  takes: ['application/zip'],
  gives: uploadAnswer,
  answer: ({ body }, world) => {
    checkPause(world);
    const archive = readArchive(body);
    const { info } = archive;
    const condition = info.conditions?.kibana?.version;
    if (world.packages.get(info.name)?.status === 'installing') {
      throw new Refused(409, `Concurrent installation or upgrade of ${info.name}-${info.version} detected, aborting.`);
    }
    if (world.checksUploads) checkUpload(archive, world);
    if (world.checksConditions && condition !== undefined && !isIn(world.version, condition)) {
      throw new Refused(400, `Package ${info.name}-${info.version} requires Kibana version ${condition}, this is ${world.version}`);
    }
    const installed = { kibanaAssets: readSavedObjects(archive), elasticsearchAssets: toElasticsearchAssets(archive) };
    world.packages.set(info.name, { info, source: 'upload', status: 'installed', templates: toTemplates(archive), ...installed });
    return toReply({
      items: [...installed.kibanaAssets, ...installed.elasticsearchAssets],
      _meta: { install_source: 'upload', ...(world.namesUploads ? { name: info.name } : {}) },
    });
  },
};

function checkPause(world: World): void {
  if (world.delayedUploads === 0) return;
  world.delayedUploads -= 1;
  throw new Refused(429, 'Too many requests. Please wait 1s before uploading again.', { 'retry-after': '1' });
}

const INFO_QUERY = { prerelease: 'boolean', full: 'boolean', ignoreUnverified: 'boolean', withMetadata: 'boolean' } as const;

/** `GET /api/fleet/epm/packages/NAME`. */
export const getPackage: Endpoint = {
  method: 'GET',
  path: '/api/fleet/epm/packages/{name}',
  needs: 'read',
  query: INFO_QUERY,
  gives: packageAnswer,
  answer: answerInfo,
};

/** `GET /api/fleet/epm/packages/NAME/VERSION`. */
export const getPackageVersion: Endpoint = { ...getPackage, path: '/api/fleet/epm/packages/{name}/{version}' };

function answerInfo({ params: { name = '', version }, query }: Call, world: World): Reply {
  const item = findItem(name, version, world);
  if (item === undefined) throw new Refused(404, `[${version === undefined ? name : `${name}-${version}`}] package not found in registry`);
  // Before 9.0, what is asked without a version gets an older endpoint's answer too.
  const response = world.major < 9 && version === undefined ? { response: item } : {};
  const hasPolicies = [...world.policies.values()].some((policy) => policy.package?.name === name);
  return toReply({ item, ...response, ...(query.withMetadata === 'true' ? { metadata: { has_policies: hasPolicies } } : {}) });
}

function findItem(name: string, version: string | undefined, world: World): unknown {
  const found = world.packages.get(name);
  if (found !== undefined) return version === undefined || version === found.info.version ? toItem(found, world) : undefined;
  const isKnown = world.registry !== 'unreachable' && world.registry.has(name);
  return isKnown ? { name, version: '1.0.0', title: name, status: 'not_installed', assets: {} } : undefined;
}

function toItem({ elasticsearchAssets, info, kibanaAssets, source, status }: InstalledPackage, { major }: World): unknown {
  const installation = {
    type: 'epm-packages',
    name: info.name,
    version: info.version,
    verification_status: 'unknown',
    install_status: status,
    install_source: source,
    installed_kibana: kibanaAssets,
    installed_es: elasticsearchAssets,
    latest_install_failed_attempts: [],
  };
  const savedObject = { id: info.name, type: 'epm-packages', attributes: installation };
  return { ...info, latestVersion: info.version, status, assets: {}, installationInfo: installation, ...(major < 9 ? { savedObject } : {}) };
}

/** `DELETE /api/fleet/epm/packages/NAME/VERSION`: with it go its integration policies, if no agent runs one. */
export const deletePackage: Endpoint = {
  method: 'DELETE',
  path: '/api/fleet/epm/packages/{name}/{version}',
  needs: 'all',
  query: { force: 'boolean' },
  gives: removedAnswer,
  answer: ({ params: { name = '', version }, query }, world) => {
    const found = world.packages.get(name);
    if (found === undefined) throw new Refused(400, `${name} is not installed`);
    const policies = [...world.policies.values()].filter((policy) => policy.package?.name === name);
    if (query.force !== 'true' && policies.some((policy) => toAgents(policy, world) > 0)) {
      throw new Refused(400, `Unable to remove package ${name}:${version} with existing package policy(s) in use by agent(s)`);
    }
    for (const { id } of policies) world.policies.delete(id);
    world.packages.delete(name);
    return toReply({ items: [...found.kibanaAssets, ...found.elasticsearchAssets] });
  },
};
