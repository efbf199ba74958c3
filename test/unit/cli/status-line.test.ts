import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatusLine, statusText } from '../../../src/cli/status-line.ts';

const progress = {
  pages: 1234,
  items: 1,
  queued: 20,
  delayed: 0,
  inFlight: 4,
  errors: 0,
  elapsedMs: 65_000,
  activeBytes: 0,
};

describe('statusText', () => {
  it('shows pages, rate, items, queue, downloads, memory and time', () => {
    expect(statusText(progress, { note: '', pagesPerMinute: 52, memory: 88_000_000 })).toBe(
      '1,234 pages (52/min) · 1 item · 20 queued · 4 in flight · 88.0 MB · 1 min 05 s',
    );
  });

  it('shows retries, errors and a note only where there are some', () => {
    const text = statusText(
      { ...progress, delayed: 2, errors: 3 },
      { note: 'stopping', pagesPerMinute: 0, memory: 0 },
    );
    expect(text).toContain('stopping · ');
    expect(text).toContain('2 waiting to retry');
    expect(text).toContain('3 errors');
  });
});

describe('StatusLine', () => {
  let screen = '';
  const line = () =>
    new StatusLine({
      write: (text) => {
        screen += text;
      },
      columns: () => 20,
      progress: () => progress,
      memory: () => 0,
    });

  beforeEach(() => {
    screen = '';
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('redraws at most four times a second', () => {
    const status = line();
    status.start();
    vi.advanceTimersByTime(1000);
    status.stop();
    expect(screen.split('1,234 pages').length - 1).toBe(5);
  });

  it('lets log lines scroll above', () => {
    const status = line();
    status.start();
    screen = '';
    status.write('a log line\n');
    expect(screen.startsWith('\r\u001b[2Ka log line\n\r\u001b[2K1,234 pages')).toBe(true);
    status.stop();
  });

  it('is never wider than the screen and leaves nothing behind', () => {
    const status = line();
    status.start();
    expect(screen).toBe('\r\u001b[2K1,234 pages (0/min)');
    status.stop();
    expect(screen.endsWith('\r\u001b[2K')).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(screen.endsWith('\r\u001b[2K')).toBe(true);
  });
});
