import { readFileSync } from 'node:fs';

/** What `npm start` and the image set: two arenas of glibc for all threads, some 15 MB less. */
export const startEnvironment = { MALLOC_ARENA_MAX: '2' } as const;

/** Linux counts CPU time in these. */
const ticksPerSecond = 100;

/** CPU seconds that a process has used so far, all its threads, without its children. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold spaces; what follows it is counted from field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory now, MB. */
export function residentMb(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? Number.NaN) / 1_024;
}
