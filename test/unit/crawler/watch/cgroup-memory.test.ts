import { describe, expect, it } from 'vitest';
import { cgroupMemoryLimit, heldMemory } from '../../../../src/crawler/watch/cgroup-memory.ts';

const reader = (files: Readonly<Record<string, string>>) => (path: string) => files[path];

describe('cgroupMemoryLimit', () => {
  it('reads version 2 of the group and of those around it, and takes the least', () => {
    const read = reader({
      '/proc/self/cgroup': '0::/app.slice/crawl.service\n',
      '/sys/fs/cgroup/app.slice/crawl.service/memory.max': 'max\n',
      '/sys/fs/cgroup/app.slice/memory.max': '536870912\n',
      '/sys/fs/cgroup/memory.max': '1073741824\n',
    });
    expect(cgroupMemoryLimit(read)).toBe(536_870_912);
  });

  it('reads the root where a container does not see its own path', () => {
    const read = reader({
      '/proc/self/cgroup': '0::/../../docker/abc\n',
      '/sys/fs/cgroup/memory.max': '1000000\n',
    });
    expect(cgroupMemoryLimit(read)).toBe(1_000_000);
  });

  it('reads version 1 beside an empty version 2', () => {
    const read = reader({
      '/proc/self/cgroup': '4:cpu,cpuacct:/\n3:memory:/docker/abc\n0::/\n',
      '/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes': '2000000\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
    });
    expect(cgroupMemoryLimit(read)).toBe(2_000_000);
  });

  it.each([
    ['no limit', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/memory.max': 'max\n' }],
    [
      'no limit in version 1',
      {
        '/proc/self/cgroup': '3:memory:/\n',
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      },
    ],
    ['no such system', {}],
    ['nonsense', { '/proc/self/cgroup': 'x\n0::/\n', '/sys/fs/cgroup/memory.max': '-5\n' }],
  ])('gives nothing for %s', (_what, files) => {
    expect(cgroupMemoryLimit(reader(files as Record<string, string>))).toBeUndefined();
  });
});

describe('heldMemory', () => {
  it('leaves out pages of files, which the kernel can take back', () => {
    const status = 'VmRSS:\t  9000 kB\nRssAnon:\t  1000 kB\nRssFile:\t  7976 kB\nRssShmem:\t    24 kB\n';
    expect(heldMemory(reader({ '/proc/self/status': status }))).toBe(1024 * 1024);
  });

  it('is the resident set where the system does not say', () => {
    expect(heldMemory(reader({}))).toBeGreaterThan(1024 * 1024);
  });
});
