import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aloneInJob } from '../../../../src/crawler/job/alone-in-job.ts';
import { temporaryFolder } from '../../feed/temporary-folder.ts';

const noLinks = (): Promise<never> =>
  Promise.reject(Object.assign(new Error('not permitted'), { code: 'EPERM' }));

describe('aloneInJob where there are no hard links', () => {
  it('works, with a file that names its process', async () => {
    const folder = temporaryFolder();
    const repairer = join(folder, 'repairer.json');
    const read = async (): Promise<unknown> => JSON.parse(readFileSync(repairer, 'utf8'));
    const found = await aloneInJob(folder, read, noLinks);
    expect(found).toEqual({ pid: process.pid });
    expect(existsSync(repairer)).toBe(false);
  });

  it('is refused beside a process that lives', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'repairer.json'), JSON.stringify({ pid: process.ppid }));
    await expect(aloneInJob(folder, async () => {}, noLinks)).rejects.toThrow(
      `process ${process.ppid} repairs it`,
    );
  });
});
