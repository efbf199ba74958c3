import { describe, expect, it } from 'vitest';
import { type LineStream, streamSink } from '../../../src/logging/stream-sink.ts';

interface Stream extends LineStream {
  writable: boolean;
  writableLength: number;
  readonly lines: string[];
  readonly listeners: (() => void)[];
}

const stream = (): Stream => ({
  writable: true,
  writableLength: 0,
  lines: [],
  listeners: [],
  write(text) {
    this.lines.push(text);
  },
  on(_event, listener) {
    this.listeners.push(listener);
  },
});

describe('streamSink', () => {
  it('drops lines that nobody reads, and tells how many once it is read again', () => {
    const given = stream();
    const sink = streamSink(given);
    given.writableLength = 5 * 1024 * 1024;
    sink.write('a\n');
    sink.write('b\n');
    given.writableLength = 0;
    sink.write('c\n');
    sink.write('d\n');
    expect(given.lines).toEqual(['… 2 log lines dropped: nobody read them\n', 'c\n', 'd\n']);
  });

  it('writes nothing to a stream that has ended', () => {
    const given = stream();
    given.writable = false;
    streamSink(given).write('a\n');
    expect(given.lines).toEqual([]);
  });

  it('survives a stream that throws', () => {
    const given: Stream = {
      ...stream(),
      write() {
        throw new Error('destroyed');
      },
    };
    expect(() => streamSink(given).write('a\n')).not.toThrow();
  });

  it('listens for errors once a stream, however many sinks write to it', () => {
    const given = stream();
    streamSink(given);
    streamSink(given);
    expect(given.listeners).toHaveLength(1);
  });

  it('knows a screen', () => {
    expect(streamSink(stream()).isScreen).toBe(false);
    expect(streamSink({ ...stream(), isTTY: true }).isScreen).toBe(true);
  });
});
