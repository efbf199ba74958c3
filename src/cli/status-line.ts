import type { CrawlProgress } from '../crawler/crawler.ts';
import { count, formatBytes, formatDuration } from './format-quantity.ts';

/** At most four times a second. */
const REDRAW_MS = 250;
const CLEAR_LINE = '\r\u001b[2K';
/** A screen without a size says 0 (`script`, some containers). */
const DEFAULT_COLUMNS = 80;

/** What a status line is drawn with. */
export interface StatusLineOptions {
  /** The screen. */
  readonly screen: Screen;
  /** Other streams that end on the same screen. */
  readonly others?: readonly Screen[];
  readonly progress: () => CrawlProgress;
  /** Bytes of memory that the process holds. */
  readonly memory: () => number;
}

/** What a status line needs of a stream. */
export interface Screen {
  readonly columns?: number;
  write(text: string | Uint8Array, ...more: never[]): boolean;
}

/**
 * The last line of the screen while a crawl runs. Whatever is written to the screen meanwhile, be it a log line or
 * a spider's console.log, scrolls above it.
 */
export class StatusLine {
  readonly #options: StatusLineOptions;
  readonly #draw: (text: string) => void;
  readonly #rate = new PageRate();
  #restore: readonly (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #note = '';
  #isDrawn = false;
  /** What was written last ended in the middle of a line: drawing would wipe it off. */
  #isMidLine = false;

  constructor(options: StatusLineOptions) {
    this.#options = options;
    const { screen } = options;
    const write = screen.write;
    this.#draw = (text) => {
      write.call(screen, text);
    };
  }

  start(): void {
    const { screen, others = [] } = this.#options;
    this.#restore = [screen, ...others].map((stream) => this.#writeAbove(stream));
    this.#timer = setInterval(() => this.#redraw(), REDRAW_MS);
    this.#timer.unref();
    this.#redraw();
  }

  /** Takes the line off the screen for good. */
  stop(): void {
    clearInterval(this.#timer);
    this.#clear();
    for (const restore of this.#restore) restore();
    this.#restore = [];
  }

  /** Shown in front of the numbers: `stopping`. */
  note(text: string): void {
    this.#note = text;
  }

  #writeAbove(stream: Screen): () => void {
    const write = stream.write;
    stream.write = (text, ...more) => {
      this.#clear();
      const isTaken = write.call(stream, text, ...more);
      this.#isMidLine = text.length > 0 && text.at(-1) !== (typeof text === 'string' ? '\n' : 0x0a);
      return isTaken;
    };
    return () => {
      stream.write = write;
    };
  }

  #redraw(): void {
    if (this.#isMidLine) return;
    const { screen, progress, memory } = this.#options;
    const now = progress();
    const text = statusText(now, { note: this.#note, pagesPerMinute: this.#rate.add(now), memory: memory() });
    this.#draw(`${CLEAR_LINE}${text.slice(0, Math.max(0, (screen.columns || DEFAULT_COLUMNS) - 1))}`);
    this.#isDrawn = true;
  }

  #clear(): void {
    if (this.#isDrawn) this.#draw(CLEAR_LINE);
    this.#isDrawn = false;
  }
}

/** The words of the status line; the ones that matter least come last, where a narrow screen cuts. */
export function statusText(
  { pages, items, queued, delayed, downloading, errors, elapsedMs }: CrawlProgress,
  { note, pagesPerMinute, memory }: { note: string; pagesPerMinute: number; memory: number },
): string {
  const parts = [
    ...(note === '' ? [] : [note]),
    `${count(pages, 'page')} (${pagesPerMinute}/min)`,
    count(items, 'item'),
    `${queued.toLocaleString('en')} queued`,
    ...(delayed > 0 ? [`${delayed.toLocaleString('en')} waiting to retry`] : []),
    `${downloading} in flight`,
    ...(errors > 0 ? [count(errors, 'error')] : []),
    formatBytes(memory),
    formatDuration(elapsedMs),
  ];
  return parts.join(' · ');
}

/** Pages a minute are those of this stretch, so that a slow end shows as such. */
const RATE_WINDOW_MS = 30_000;

class PageRate {
  #samples: { readonly atMs: number; readonly pages: number }[] = [];

  add({ elapsedMs, pages }: CrawlProgress): number {
    this.#samples.push({ atMs: elapsedMs, pages });
    while ((this.#samples[0]?.atMs ?? elapsedMs) < elapsedMs - RATE_WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0];
    const passedMs = elapsedMs - (first?.atMs ?? elapsedMs);
    return passedMs < 1000 ? 0 : Math.round(((pages - (first?.pages ?? 0)) * 60_000) / passedMs);
  }
}
