import { readFileSync } from 'node:fs';

/** Follows the most memory that a process has held resident; see VmHWM in https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
export interface MemoryWatch {
  readonly peakMiB: () => number;
  readonly stop: () => void;
}

const EVERY_MS = 100;

/** Begins to watch; the last value stays when the process has ended. */
export function watchMemory(pid: number): MemoryWatch {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, readPeakMiB(pid));
  }, EVERY_MS);
  return { peakMiB: () => peak, stop: () => clearInterval(timer) };
}

function readPeakMiB(pid: number): number {
  try {
    const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib ?? 0) / 1024;
  } catch {
    return 0;
  }
}
