/** A half-open stretch of time; epoch milliseconds. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}
