import { DashboardFault } from '../dashboard-fault.ts';

/**
 * What a text of JSON inside a saved object holds.
 * @throws DashboardFault for an object: that is the form of sources, and Kibana takes texts only
 */
export function decodeText<T>(text: unknown, name: string): T {
  if (typeof text !== 'string') throw new DashboardFault(`${name} is no text: Kibana takes JSON in a text only`);
  return JSON.parse(text) as T;
}
