import { DashboardFault } from '../dashboard-fault.ts';
import type { StoredColumn, StoredFormat } from '../saved-object/stored.ts';
import type { Cell } from '../search/to-rows.ts';

/** How numbers are written; plain data, so that a page's script can do it as well. */
export interface NumberStyle {
  readonly divisor: number;
  readonly suffix: string;
  readonly intl: Intl.NumberFormatOptions;
}

const BYTES = ['B', 'KB', 'MB', 'GB', 'TB'];
const STEP = 1024;

/** Milliseconds of the units that a column's format may name. */
const UNITS: Readonly<Record<string, number>> = {
  nanoseconds: 1e-6,
  microseconds: 1e-3,
  milliseconds: 1,
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
};

const DURATIONS = [
  { ms: 86_400_000, name: 'd' },
  { ms: 3_600_000, name: 'h' },
  { ms: 60_000, name: 'min' },
  { ms: 1000, name: 's' },
  { ms: 1, name: 'ms' },
  { ms: 1e-3, name: 'µs' },
] as const;

/**
 * How the values of a column are written; bytes and durations all in the unit that suits the largest one.
 * @throws DashboardFault for a format that is not known here
 */
export function toNumberStyle({ label, params }: StoredColumn, values: readonly Cell[]): NumberStyle {
  const { id, params: given = {} } = (params?.format ?? { id: 'number' }) as StoredFormat;
  const largest = Math.max(0, ...values.flatMap((value) => (typeof value === 'number' ? Math.abs(value) : [])));
  const intl = (fallback: number): Intl.NumberFormatOptions => ({ maximumFractionDigits: given.decimals ?? fallback });
  switch (id) {
    case 'number':
      return { divisor: 1, suffix: '', intl: intl(largest < 10 ? 2 : 0) };
    case 'percent':
      return { divisor: 1, suffix: '', intl: { style: 'percent', ...intl(1) } };
    case 'bytes': {
      const power = Math.min(BYTES.length - 1, Math.max(0, Math.floor(Math.log(largest || 1) / Math.log(STEP))));
      return { divisor: STEP ** power, suffix: ` ${BYTES[power]}`, intl: intl(1) };
    }
    case 'duration': {
      const fromMs = UNITS[given.fromUnit ?? 'seconds'];
      if (fromMs === undefined) throw new DashboardFault(`column ${label}: durations in ${given.fromUnit} are not known here`);
      const unit = DURATIONS.find(({ ms }) => largest * fromMs >= ms) ?? DURATIONS[4];
      return { divisor: unit.ms / fromMs, suffix: ` ${unit.name}`, intl: intl(1) };
    }
    default:
      throw new DashboardFault(`column ${label}: the format ${id} is not known here`);
  }
}

/** A number as a person reads it. */
export function formatNumber(value: number, { divisor, suffix, intl }: NumberStyle): string {
  return new Intl.NumberFormat('en', intl).format(value / divisor) + suffix;
}

/** A time as a person reads it, in UTC. */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** A cell of a column as a person reads it. */
export function formatCell(cell: Cell | undefined, column: StoredColumn, style: NumberStyle): string {
  if (cell === null || cell === undefined) return '–';
  if (column.dataType === 'date') return formatTime(typeof cell === 'number' ? cell : Date.parse(cell));
  // Numbers that are names, such as status codes, stand as they are.
  const isCode = column.isBucketed || (column.operationType === 'last_value' && column.params?.format === undefined);
  return typeof cell === 'number' && !isCode ? formatNumber(cell, style) : String(cell);
}
