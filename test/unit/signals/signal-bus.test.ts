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

  it('logs what a handler rejects with', async () => {
    const logger = new MemoryLogger();
    const bus = new SignalBus(logger);
    bus.on('engineStarted', () => Promise.reject(new Error('late boom')));
    await bus.emit('engineStarted', {});
    expect(logger.messages('error')).toEqual(['a handler of engineStarted failed: late boom']);
  });

  it('keeps a handler that is connected twice until both are disconnected', async () => {
    const bus = new SignalBus(new MemoryLogger());
    let calls = 0;
    const handler = () => {
      calls += 1;
    };
    const stop = bus.on('engineStarted', handler);
    bus.on('engineStarted', handler);
    await bus.emit('engineStarted', {});
    stop();
    await bus.emit('engineStarted', {});
    expect(calls).toBe(3);
  });

  it('calls all that listened when the signal came, though one disconnects another', async () => {
    const bus = new SignalBus(new MemoryLogger());
    const called: string[] = [];
    bus.on('engineStarted', () => {
      called.push('first');
      stop();
    });
    const stop = bus.on('engineStarted', () => void called.push('second'));
    await bus.emit('engineStarted', {});
    expect(called).toEqual(['first', 'second']);
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
