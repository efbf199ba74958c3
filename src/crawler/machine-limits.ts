import { getHeapStatistics } from 'node:v8';
import { descriptorLimit } from '../downloader/descriptor-limit.ts';
import { cgroupMemoryLimit } from './watch/cgroup-memory.ts';

/** What the machine grants to this process. */
export interface MachineLimits {
  /** Files and sockets that may be open at once. */
  readonly descriptors: number;
  /** Bytes of memory that the container grants; undefined: no container, or no limit. */
  readonly memoryBytes: number | undefined;
  /** Bytes that JavaScript's own heap may grow to. */
  readonly heapBytes: number;
}

/** Asks the system for its limits. */
export function machineLimits(): MachineLimits {
  return {
    descriptors: descriptorLimit(),
    memoryBytes: cgroupMemoryLimit(),
    heapBytes: getHeapStatistics().heap_size_limit,
  };
}
