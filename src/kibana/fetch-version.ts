import type { Kibana } from './open-kibana.ts';

/** The part of `GET /api/status` that is read. */
interface StatusBody {
  readonly version?: { readonly number?: string };
  readonly status?: { readonly overall?: { readonly level?: string } };
}

/**
 * Version of a Kibana that is well, e.g. `9.2.0`.
 * @throws KibanaError where it is none, is unwell, or knows not who asks
 */
export async function fetchVersion(kibana: Kibana, signal?: AbortSignal): Promise<string> {
  const call = { what: "asking for Kibana's version", method: 'GET', path: '/api/status' } as const;
  const { body, status } = await kibana.request<StatusBody | null>({ ...call, allow: [503] }, signal);
  const level = body?.status?.overall?.level;
  if (level === undefined) throw kibana.refuse(call, { status, body: '', fault: 'no-kibana' });
  if (status === 503) throw kibana.refuse(call, { status, body: JSON.stringify({ message: `Kibana is ${level}` }) });
  const number = body?.version?.number;
  if (number === undefined) throw kibana.refuse(call, { status, body: '', fault: 'redacted' });
  return number;
}
