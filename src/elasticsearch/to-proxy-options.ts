import { type ClientOptions, HttpConnection } from '@elastic/elasticsearch';

/** What the client takes to go through a proxy, which is trusted as Elasticsearch is; nothing where the way is direct. */
export function toProxyOptions(
  proxy: string | undefined,
  { ca, rejectUnauthorized }: NonNullable<ClientOptions['tls']>,
): Pick<ClientOptions, 'Connection' | 'proxy' | 'agent'> {
  if (proxy === undefined) return {};
  // The client hands these options on to its proxy agent, but its types do not know them.
  const agent: object = { proxyRequestOptions: { rejectUnauthorized, ...(ca === undefined ? {} : { ca }) } };
  return { Connection: HttpConnection, proxy, agent: agent as NonNullable<ClientOptions['agent']> };
}
