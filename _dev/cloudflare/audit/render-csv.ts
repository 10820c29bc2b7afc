import type { AuditEvent } from './audit-event.ts';

const COLUMNS: readonly (readonly [name: string, read: (event: AuditEvent) => unknown])[] = [
  ['id', (event) => event.id],
  ['when', (event) => event.when],
  ['action', (event) => event.action?.type],
  ['success', (event) => event.action?.result],
  ['actor email', (event) => event.actor?.email],
  ['actor ip', (event) => event.actor?.ip],
  ['interface', (event) => event.interface],
  ['resource type', (event) => event.resource?.type],
  ['resource id', (event) => event.resource?.id],
  ['metadata', (event) => event.metadata],
  ['old value', (event) => event.oldValue],
  ['new value', (event) => event.newValue],
];

/** Audit events as CSV, one header line first. The columns are this simulation's own: Cloudflare's are not documented. */
export function renderCsv(events: readonly AuditEvent[]): string {
  const rows = events.map((event) => COLUMNS.map(([, read]) => renderCell(read(event))).join(','));
  return `${[COLUMNS.map(([name]) => name).join(','), ...rows].join('\r\n')}\r\n`;
}

function renderCell(value: unknown): string {
  const text = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
