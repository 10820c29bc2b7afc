/** An audit event (v1) in the form in which it is served. Every property may be missing. */
export interface AuditEvent {
  readonly action?: { readonly info?: string; readonly result: boolean; readonly type: string };
  readonly actor?: { readonly email?: string; readonly id: string; readonly ip?: string; readonly type: string };
  readonly id?: string;
  readonly interface?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly newValue?: string;
  readonly newValueJson?: Readonly<Record<string, unknown>>;
  readonly oldValue?: string;
  readonly oldValueJson?: Readonly<Record<string, unknown>>;
  readonly owner?: { readonly id: string };
  readonly resource?: { readonly id: string; readonly type: string };
  /** RFC 3339, UTC, in whole seconds or with six digits of fraction. */
  readonly when?: string;
}
