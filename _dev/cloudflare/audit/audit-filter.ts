import { BlockList, isIP } from 'node:net';
import type { PlacedEvent } from './audit-source.ts';

type Filter = (placed: PlacedEvent) => boolean;

const FILTERS: Readonly<Record<string, (value: string) => Filter>> = {
  id:
    (value) =>
    ({ event }) =>
      event.id === value,
  'action.type':
    (value) =>
    ({ event }) =>
      event.action?.type === value,
  'actor.email':
    (value) =>
    ({ event }) =>
      event.actor?.email === value,
  'actor.ip': filterAddress,
  'zone.name':
    (value) =>
    ({ event }) =>
      event.metadata?.zone_name === value,
  hide_user_logs: (value) => (value === 'true' ? ({ ofUser }) => !ofUser : () => true),
};

/** Whether an event passes the filters of a request; undefined where the request has none. */
export function auditFilter(query: URLSearchParams): Filter | undefined {
  const filters = Object.entries(FILTERS).flatMap(([name, toFilter]) => {
    const value = query.get(name);
    return value === null ? [] : [toFilter(value)];
  });
  return filters.length === 0 ? undefined : (placed) => filters.every((passes) => passes(placed));
}

/** An address or a CIDR range. */
function filterAddress(value: string): Filter {
  const [address = '', bits] = value.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0) return () => false;
  const list = new BlockList();
  list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  return ({ event }) => {
    const ip = event.actor?.ip ?? '';
    return isIP(ip) !== 0 && list.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
  };
}
