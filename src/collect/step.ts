/** Where a partition stands after a step. */
export type Step =
  | { readonly kind: 'more' }
  | { readonly kind: 'again'; readonly at: number }
  | { readonly kind: 'caughtUp'; readonly at: number }
  /** Another collector works on it; `left`: it did so for longer than this one waits. */
  | { readonly kind: 'elsewhere' | 'left'; readonly at: number }
  | { readonly kind: 'stopped'; readonly why: 'paused' | 'failed'; readonly at: number };
