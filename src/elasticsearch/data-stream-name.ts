/** Name of the data stream that holds a declared stream's events, e.g. `logs-cloudflare_api.audit-default`. */
export function toDataStreamName(packageName: string, { stream, namespace }: { readonly stream: string; readonly namespace: string }): string {
  return `logs-${packageName}.${stream}-${namespace}`;
}
