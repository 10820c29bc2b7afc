import { isIP } from 'node:net';

/**
 * True for an IPv4 or IPv6 address that Elasticsearch's `ip` field takes in every version: no zone, no leading zeros in IPv4, at most
 * four digits in a group of IPv6.
 */
export function isIpAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
}
