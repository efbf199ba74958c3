import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** Gives the text of a file; undefined: there is none, or it cannot be read. */
export type ReadText = (path: string) => string | undefined;

/** Reads files of the kernel: small, in memory, never waiting for a disk. */
export const readKernelFile: ReadText = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

const ROOT = '/sys/fs/cgroup';
/** Version 1 writes "no limit" as the largest number of pages, about 2^63. */
const NO_LIMIT = 2 ** 60;
/** Deeper trees of groups are not followed. */
const MOST_LEVELS = 32;

/**
 * The memory that the kernel grants this process by its control group: above it, it ends the process. Undefined:
 * there is no limit, or no such system. The least limit of the group and those around it counts.
 *
 * Linux, Documentation/admin-guide/cgroup-v2.rst (`memory.max`) and cgroup-v1/memory.rst (`memory.limit_in_bytes`).
 */
export function cgroupMemoryLimit(read: ReadText = readKernelFile): number | undefined {
  let least: number | undefined;
  for (const line of (read('/proc/self/cgroup') ?? '').split('\n')) {
    const [, hierarchy, controllers, path] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined || controllers === undefined) continue;
    if (hierarchy === '0' && controllers === '') {
      least = lesser(least, leastUpwards(read, ROOT, path, 'memory.max'));
    } else if (controllers.split(',').includes('memory')) {
      least = lesser(least, leastUpwards(read, `${ROOT}/memory`, path, 'memory.limit_in_bytes'));
    }
  }
  return least;
}

/** A container often sees its own group as the root, whatever its path is: groups that are not there are passed over. */
function leastUpwards(read: ReadText, root: string, path: string, file: string): number | undefined {
  let least: number | undefined;
  let group = posix.normalize(path);
  for (let level = 0; level < MOST_LEVELS; level++) {
    least = lesser(least, limitIn(read(posix.join(root, group, file))));
    if (group === '/') break;
    group = posix.dirname(group);
  }
  return least;
}

function limitIn(text: string | undefined): number | undefined {
  const bytes = /^\d+$/.test(text?.trim() ?? '') ? Number(text) : undefined;
  return bytes !== undefined && bytes < NO_LIMIT ? bytes : undefined;
}

function lesser(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}

/**
 * Bytes of memory that this process holds and the kernel cannot take back: RssAnon and RssShmem of
 * /proc/self/status (proc(5)), elsewhere the whole resident set. Pages of files do not count: a job's records are
 * mapped into memory, and the kernel drops those pages when it needs room.
 */
export function heldMemory(read: ReadText = readKernelFile): number {
  const status = read('/proc/self/status') ?? '';
  const anonymous = kilobytesOf(status, 'RssAnon');
  if (anonymous === undefined) return process.memoryUsage.rss();
  return (anonymous + (kilobytesOf(status, 'RssShmem') ?? 0)) * 1024;
}

function kilobytesOf(status: string, name: string): number | undefined {
  const found = new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(status)?.[1];
  return found === undefined ? undefined : Number(found);
}
