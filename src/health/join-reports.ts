import type { Report } from '../collect/report.ts';

/** Tells several listeners the same, one after the other. */
export function joinReports(...reports: readonly Report[]): Report {
  return {
    window: (...told) => reports.forEach((report) => void report.window(...told)),
    gap: (...told) => reports.forEach((report) => void report.gap(...told)),
    again: (...told) => reports.forEach((report) => void report.again(...told)),
    stopped: (...told) => reports.forEach((report) => void report.stopped(...told)),
    shortened: (...told) => reports.forEach((report) => void report.shortened?.(...told)),
    lost: (...told) => reports.forEach((report) => void report.lost?.(...told)),
    ended: (...told) => reports.forEach((report) => void report.ended?.(...told)),
  };
}
