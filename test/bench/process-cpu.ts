/** CPU time of other processes, where the operating system tells it in /proc. */

import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second. */
const TICK_MS = 10;

/** In milliseconds, of all threads; 0 where it can't be told. */
export function cpuMsOf(pid: number): number {
  const fields = statOf(pid);
  return fields === undefined ? 0 : (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Peak resident memory in megabytes; 0 where it can't be told. */
export function peakMemoryMBOf(pid: number): number {
  const match = /VmHWM:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`));
  return match === null ? 0 : Number(match[1]) / 1024;
}

/** The process, below the given one, whose program has this name. */
export function findDescendant(pid: number, program: string): number | undefined {
  const parents = new Map<number, number>();
  const named: number[] = [];
  for (const entry of listProcesses()) {
    parents.set(entry, Number(statOf(entry)?.[1]));
    if (read(`/proc/${entry}/comm`).trim() === program) {
      named.push(entry);
    }
  }
  const isBelow = (child: number): boolean => {
    const parent = parents.get(child);
    return parent === pid || (parent !== undefined && parent > 1 && isBelow(parent));
  };
  return named.find(isBelow);
}

function listProcesses(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** The fields after the program's name, which may hold spaces. The first is the process's state. */
function statOf(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text === '' ? undefined : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
