import type { Layer } from '../saved-object/dashboard.ts';
import type { StoredColumn } from '../saved-object/stored.ts';

/** A column with its id. */
export interface NamedColumn extends StoredColumn {
  readonly id: string;
}

/** `sourceField` of a column that counts documents. */
const RECORDS = '___records___';

/** The columns of a layer in the order in which they nest. */
export function listColumns({ columnOrder, columns }: Layer): { readonly buckets: readonly NamedColumn[]; readonly metrics: readonly NamedColumn[] } {
  const named = columnOrder.flatMap((id) => (columns[id] === undefined ? [] : [{ ...columns[id], id }]));
  return { buckets: named.filter(({ isBucketed }) => isBucketed), metrics: named.filter(({ isBucketed }) => !isBucketed) };
}

/** Whether it counts documents, not values. */
export function countsRecords({ operationType, sourceField }: NamedColumn): boolean {
  return operationType === 'count' && sourceField === RECORDS;
}

/** Whether what its largest buckets leave is one more bucket. */
export function hasOther({ operationType, params }: NamedColumn): boolean {
  return operationType === 'terms' && params?.otherBucket === true;
}
