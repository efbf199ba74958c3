import type { CrawlProgress } from '../crawler/crawler.ts';
import { count, formatBytes, formatDuration } from './format-quantity.ts';

/** At most four times a second. */
const REDRAW_MS = 250;
const CLEAR_LINE = '\r\u001b[2K';
/** Pages a minute are those of this stretch. */
const RATE_WINDOW_MS = 30_000;

/** What a status line is drawn with. */
export interface StatusLineOptions {
  /** Writes to the screen. */
  readonly write: (text: string) => void;
  readonly columns: () => number;
  readonly progress: () => CrawlProgress;
  /** Bytes of memory that the process holds. */
  readonly memory: () => number;
}

/** The last line of the screen while a crawl runs. Log lines are written through it and scroll above. */
export class StatusLine {
  readonly #options: StatusLineOptions;
  readonly #rate = new PageRate();
  #timer: NodeJS.Timeout | undefined;
  #note = '';
  #isDrawn = false;

  constructor(options: StatusLineOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
    this.#timer.unref();
    this.#draw();
  }

  /** Takes the line off the screen for good. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#clear();
  }

  /** Shown in front of the numbers: `stopping`. */
  note(text: string): void {
    this.#note = text;
  }

  /** Writes whole lines above the status line. */
  write(lines: string): void {
    this.#clear();
    this.#options.write(lines);
    if (this.#timer !== undefined) this.#draw();
  }

  #draw(): void {
    const { write, columns, progress, memory } = this.#options;
    const now = progress();
    const text = statusText(now, { note: this.#note, pagesPerMinute: this.#rate.add(now), memory: memory() });
    write(`${CLEAR_LINE}${text.slice(0, Math.max(0, columns() - 1))}`);
    this.#isDrawn = true;
  }

  #clear(): void {
    if (this.#isDrawn) this.#options.write(CLEAR_LINE);
    this.#isDrawn = false;
  }
}

/** The words of the status line; the ones that matter least come last, where a narrow screen cuts. */
export function statusText(
  { pages, items, queued, delayed, inFlight, errors, elapsedMs }: CrawlProgress,
  { note, pagesPerMinute, memory }: { note: string; pagesPerMinute: number; memory: number },
): string {
  const parts = [
    ...(note === '' ? [] : [note]),
    `${count(pages, 'page')} (${pagesPerMinute}/min)`,
    count(items, 'item'),
    `${queued.toLocaleString('en')} queued`,
    ...(delayed > 0 ? [`${delayed.toLocaleString('en')} waiting to retry`] : []),
    `${inFlight} in flight`,
    ...(errors > 0 ? [count(errors, 'error')] : []),
    formatBytes(memory),
    formatDuration(elapsedMs),
  ];
  return parts.join(' · ');
}

/** Pages a minute over the last half minute, so that a slow end shows as such. */
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
