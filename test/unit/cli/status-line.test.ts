import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatusLine, statusText } from '../../../src/cli/status-line.ts';

const progress = {
  pages: 1234,
  items: 1,
  queued: 20,
  delayed: 0,
  downloading: 4,
  active: 4,
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
  let written = '';
  const screen = {
    columns: 20,
    write: (text: string | Uint8Array) => {
      written += String(text);
      return true;
    },
  };
  const plainWrite = screen.write;
  const started = () => {
    const status = new StatusLine({ screen, progress: () => progress, memory: () => 0 });
    status.start();
    return status;
  };

  beforeEach(() => {
    written = '';
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('redraws at most four times a second', () => {
    const status = started();
    vi.advanceTimersByTime(1000);
    status.stop();
    expect(written.split('1,234 pages').length - 1).toBe(5);
  });

  it('takes a screen that tells no width for one of 80 columns', () => {
    const unsized = { ...screen, columns: 0 };
    const status = new StatusLine({ screen: unsized, progress: () => progress, memory: () => 0 });
    status.start();
    status.stop();
    expect(written).toContain('4 in flight');
  });

  it('lets whatever is written scroll above', () => {
    const status = started();
    written = '';
    screen.write('a log line\n');
    vi.advanceTimersByTime(250);
    expect(written.startsWith('\r\u001b[2Ka log line\n\r\u001b[2K1,234 pages')).toBe(true);
    status.stop();
  });

  it('does not wipe off half a line', () => {
    const status = started();
    screen.write('half a ');
    written = '';
    vi.advanceTimersByTime(500);
    expect(written).toBe('');
    screen.write('line\n');
    expect(written).toBe('line\n');
    status.stop();
  });

  it('is never wider than the screen and leaves nothing behind', () => {
    const status = started();
    expect(written).toBe('\r\u001b[2K1,234 pages (0/min)');
    status.stop();
    expect(written.endsWith('\r\u001b[2K')).toBe(true);
    expect(screen.write).toBe(plainWrite);
    vi.advanceTimersByTime(1000);
    expect(written.endsWith('\r\u001b[2K')).toBe(true);
  });
});
