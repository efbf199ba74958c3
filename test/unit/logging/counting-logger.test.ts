import { expect, it } from 'vitest';
import type { Logger } from '../../../src/contracts/logger.ts';
import { CountingLogger } from '../../../src/logging/counting-logger.ts';
import { MemoryLogger } from '../../../src/logging/memory-logger.ts';
import { MemoryStats } from '../../../src/stats/memory-stats.ts';

it('counts lines that are written, by level, those of children too', () => {
  const inner = new MemoryLogger();
  const quiet: Logger = Object.assign(Object.create(inner), {
    isEnabled: (level: string) => level !== 'debug',
    debug: () => {},
    info: (message: string) => inner.info(message),
    warn: (message: string) => inner.warn(message),
    child: () => quiet,
  });
  const stats = new MemoryStats();
  const logger = new CountingLogger(quiet, stats);
  logger.debug('not written');
  logger.info('one');
  logger.child('part').info('two');
  logger.warn('three');
  expect(stats.snapshot()).toEqual({ 'log/count/info': 2, 'log/count/warn': 1 });
  expect(inner.messages()).toEqual(['one', 'two', 'three']);
});
