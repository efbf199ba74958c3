import type { TagScanner } from './tag-scanner.ts';

// HTML tags that end SVG and MathML when they come up in it.
const BREAKOUT: ReadonlySet<string> = new Set(
  (
    'b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing ' +
    'menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var'
  ).split(' '),
);
const SVG_INTEGRATION: ReadonlySet<string> = new Set(['foreignobject', 'desc', 'title']);
const MATH_INTEGRATION: ReadonlySet<string> = new Set(['mi', 'mo', 'mn', 'ms', 'mtext']);
const MAX_DEPTH = 512;

/**
 * Follows a scanner into SVG and MathML and out again, and tells it when it is inside: there `<title>` and
 * `<style>` hold markup and CDATA sections exist.
 */
export class ForeignContent {
  // The open svg and math elements and, between them, the elements inside that hold HTML.
  readonly #open: string[] = [];
  readonly #scanner: TagScanner;

  constructor(scanner: TagScanner) {
    this.#scanner = scanner;
  }

  /** To be told of each start tag. */
  startTag(): void {
    const { name, selfClosing } = this.#scanner;
    const top = this.#open[this.#open.length - 1];
    if (name === 'svg' || name === 'math') {
      if (!selfClosing) this.#push(name);
    } else if (top === 'svg' || top === 'math') {
      if (BREAKOUT.has(name) || (name === 'font' && this.#isHtmlFont())) this.#leave();
      else if (!selfClosing && this.#holdsHtml(top)) this.#push(name);
    }
  }

  /** To be told of each end tag. */
  endTag(): void {
    if (this.#open.length === 0) return;
    const { name } = this.#scanner;
    const at = this.#open.lastIndexOf(name);
    if (at !== -1) this.#cut(at);
    else if (this.#scanner.foreign && (name === 'p' || name === 'br')) this.#leave();
  }

  #holdsHtml(top: 'svg' | 'math'): boolean {
    const { name } = this.#scanner;
    if (top === 'svg') return SVG_INTEGRATION.has(name);
    if (name !== 'annotation-xml') return MATH_INTEGRATION.has(name);
    const encoding = this.#scanner.attribute('encoding')?.toLowerCase();
    return encoding === 'text/html' || encoding === 'application/xhtml+xml';
  }

  #isHtmlFont(): boolean {
    return ['color', 'face', 'size'].some((name) => this.#scanner.attribute(name) !== undefined);
  }

  #leave(): void {
    let at = this.#open.length;
    while (at > 0 && (this.#open[at - 1] === 'svg' || this.#open[at - 1] === 'math')) at -= 1;
    this.#cut(at);
  }

  #push(name: string): void {
    if (this.#open.length < MAX_DEPTH) this.#open.push(name);
    this.#tell();
  }

  #cut(length: number): void {
    this.#open.length = length;
    this.#tell();
  }

  #tell(): void {
    const top = this.#open[this.#open.length - 1];
    this.#scanner.foreign = top === 'svg' || top === 'math';
  }
}
