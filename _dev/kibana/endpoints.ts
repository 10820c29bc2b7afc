import type { Endpoint } from './endpoint.ts';
import { getAgentPolicy, listAgentPolicies } from './endpoints/agent-policies.ts';
import { createPackagePolicy, deletePackagePolicy, getPackagePolicy, listPackagePolicies, updatePackagePolicy } from './endpoints/package-policies.ts';
import { deletePackage, getPackage, getPackageVersion, uploadPackage } from './endpoints/packages.ts';
import { status } from './endpoints/status.ts';

/** Every call that the simulated Kibana answers. */
export const ENDPOINTS: readonly Endpoint[] = [
  status,
  uploadPackage,
  getPackage,
  getPackageVersion,
  deletePackage,
  listPackagePolicies,
  getPackagePolicy,
  createPackagePolicy,
  updatePackagePolicy,
  deletePackagePolicy,
  listAgentPolicies,
  getAgentPolicy,
];
