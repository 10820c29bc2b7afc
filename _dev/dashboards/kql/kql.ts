/** A value of a query; `*` stands for any characters where it is not quoted and not escaped. */
export interface KqlValue {
  /** Without quotes and escapes. */
  readonly text: string;
  readonly quoted: boolean;
  /** Pieces between wildcards; one piece: there is no wildcard. */
  readonly pieces: readonly string[];
}

/** A query in Kibana's query language, parsed. */
export type Kql =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Kql[] }
  | { readonly kind: 'not'; readonly of: Kql }
  | { readonly kind: 'is'; readonly field: string; readonly value: KqlValue }
  | { readonly kind: 'range'; readonly field: string; readonly operator: 'gt' | 'gte' | 'lt' | 'lte'; readonly value: KqlValue };
