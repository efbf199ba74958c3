import { describe, expect, it } from 'vitest';
import { MemoryLogger } from '../../../src/logging/memory-logger.ts';
import { SignalBus } from '../../../src/signals/signal-bus.ts';

describe('SignalBus', () => {
  it('waits for every handler', async () => {
    const bus = new SignalBus(new MemoryLogger());
    const done: string[] = [];
    bus.on('spiderOpened', async ({ name }) => {
      await Promise.resolve();
      done.push(`late ${name}`);
    });
    bus.on('spiderOpened', () => void done.push('at once'));
    await bus.emit('spiderOpened', { name: 'books' });
    expect(done).toEqual(['at once', 'late books']);
  });

  it('logs what a handler throws, and calls the others', async () => {
    const logger = new MemoryLogger();
    const bus = new SignalBus(logger);
    let called = false;
    bus.on('engineStarted', () => {
      throw new Error('boom');
    });
    bus.on('engineStarted', () => {
      called = true;
    });
    await bus.emit('engineStarted', {});
    expect(called).toBe(true);
    expect(logger.messages('error')).toEqual(['a handler of engineStarted failed: boom']);
  });

  it('knows whether somebody listens, until they stop', () => {
    const bus = new SignalBus(new MemoryLogger());
    const stop = bus.on('engineStopped', () => {});
    expect(bus.has('engineStopped')).toBe(true);
    stop();
    expect(bus.has('engineStopped')).toBe(false);
    expect(bus.emit('engineStopped', {})).toBeUndefined();
  });
});
