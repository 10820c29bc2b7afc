import type { Endpoint } from './endpoint.ts';
import { getPackagePolicy, listPackagePolicies } from './endpoints/package-policies.ts';
import { status } from './endpoints/status.ts';

/** Every call that the simulated Kibana answers. */
export const ENDPOINTS: readonly Endpoint[] = [status, listPackagePolicies, getPackagePolicy];
