/** A Zero Trust login or logout in the form in which it is served. It has no id, and every property may be missing. */
export interface AccessEvent {
  readonly user_email?: string;
  readonly ip_address?: string;
  readonly app_uid?: string;
  /** Host of the application, with the path that it stands under. */
  readonly app_domain?: string;
  readonly action?: string;
  /** Kind of the identity provider. */
  readonly connection?: string;
  readonly allowed?: boolean;
  /** RFC 3339, UTC, with no or any digits of fraction. */
  readonly created_at?: string;
  /** Several events may have the same. */
  readonly ray_id?: string;
}
