/** An audit event (v2) in the form in which it is served. Every property may be missing. */
export interface AuditEventV2 {
  readonly id?: string;
  readonly account?: { readonly id: string; readonly name?: string };
  readonly action?: { readonly description?: string; readonly result?: string; readonly time: string; readonly type?: string };
  readonly actor?: {
    readonly context?: string;
    readonly email?: string;
    readonly id?: string;
    readonly ip_address?: string;
    readonly token_id?: string;
    readonly token_name?: string;
    readonly type: string;
  };
  readonly raw?: { readonly cf_ray_id: string; readonly method: string; readonly status_code: number; readonly uri: string; readonly user_agent: string };
  readonly resource?: {
    readonly id?: string;
    readonly product?: string;
    readonly request?: unknown;
    readonly response?: unknown;
    readonly scope?: unknown;
    readonly type?: string;
  };
  readonly zone?: { readonly id: string; readonly name: string };
}
