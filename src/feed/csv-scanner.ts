/** Where a record ends within a piece of text. */
export interface CsvRecordEnd {
  /** Where its line end begins. */
  readonly at: number;
  /** Where the next record begins. */
  readonly next: number;
  /** How many cells it has. */
  readonly cells: number;
}

/** Finds the records of a CSV text that comes in pieces, in linear time. No piece may end between CR and LF. */
export class CsvScanner {
  readonly #delimiter: string;
  readonly #quote: string;
  #cells = 1;
  #state: 'cell start' | 'plain' | 'quoted' | 'quote in quoted' = 'cell start';

  constructor(delimiter: string, quote: string) {
    this.#delimiter = delimiter;
    this.#quote = quote;
  }

  /** Cells so far of the record that has not ended. */
  get cells(): number {
    return this.#cells;
  }

  /** Whether the text so far ends within quotes. */
  get isQuoted(): boolean {
    return this.#state === 'quoted';
  }

  /** The ends of the records that end in this piece. */
  *ends(piece: string): Generator<CsvRecordEnd> {
    for (let at = 0; at < piece.length; at++) {
      const character = piece[at];
      if (this.#state === 'quoted') {
        if (character === this.#quote) this.#state = 'quote in quoted';
      } else if (character === this.#quote && this.#state !== 'plain') {
        this.#state = 'quoted';
      } else if (character === this.#delimiter) {
        this.#cells++;
        this.#state = 'cell start';
      } else if (character === '\n') {
        yield { at: piece[at - 1] === '\r' ? at - 1 : at, next: at + 1, cells: this.#cells };
        this.#cells = 1;
        this.#state = 'cell start';
      } else {
        this.#state = 'plain';
      }
    }
  }
}
