import { describe, expect, it } from 'vitest';
import { WorkLoop } from '../../../src/values/work-loop.ts';

function loopOver(waiting: number[], done: number[], work = async (): Promise<void> => {}): WorkLoop {
  return new WorkLoop(
    () => waiting.length > 0,
    async () => {
      const next = waiting.shift();
      if (next !== undefined) done.push(next);
      await work();
    },
  );
}

describe('WorkLoop', () => {
  it.each(Array.from({ length: 12 }, (_, turns) => [turns]))(
    'leaves nothing that comes %i turns after a run began',
    async (turns) => {
      const [waiting, done]: number[][] = [[1], []];
      const loop = loopOver(waiting ?? [], done ?? []);
      const runs = [loop.run()];
      for (let turn = 0; turn < turns; turn++) await undefined;
      waiting?.push(2);
      runs.push(loop.run());
      await Promise.all(runs);
      expect(done).toEqual([1, 2]);
    },
  );

  it('ends at once without work, and can be asked again', async () => {
    const [waiting, done]: number[][] = [[], []];
    const loop = loopOver(waiting ?? [], done ?? []);
    await loop.run();
    expect(loop.isRunning).toBe(false);
    waiting?.push(1);
    await loop.run();
    expect(done).toEqual([1]);
  });

  it('tells all who wait of a fault', async () => {
    const loop = loopOver([1], [], async () => {
      throw new Error('full');
    });
    await Promise.all([
      expect(loop.run()).rejects.toThrow('full'),
      expect(loop.run()).rejects.toThrow('full'),
    ]);
    expect(loop.isRunning).toBe(false);
  });
});
