import type { ItemRecord } from '../values/item.ts';
import { toPlainRecord } from '../values/plain-value.ts';
import { type Charset, charset } from './charset.ts';
import { type Column, chooseFields, declaredColumns, type FieldList } from './field-choice.ts';
import type { ExistingFile, FileExporter } from './file-exporter.ts';
import { jsonEscape } from './json-escape.ts';
import { stateOf } from './saved-state.ts';

/** How JSON is written. */
export interface JsonExporterOptions {
  /** Fields and their order; an object gives the names to write. @defaultValue every field */
  readonly fields?: FieldList | undefined;
  /** Label of the encoding; what it lacks is escaped. @defaultValue `utf-8` */
  readonly encoding?: string | undefined;
  /** Spaces of indentation; null: everything on one line. @defaultValue `0`: one item a line */
  readonly indent?: number | null | undefined;
  /** Write declared fields that an item lacks as null. @defaultValue `false` */
  readonly emptyFields?: boolean | undefined;
}

const TAIL_BYTES = 65_536;
const UTF8_MARK = Buffer.from('\ufeff');
const BLANK: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const OPEN = '['.charCodeAt(0);
const CLOSE = ']'.charCodeAt(0);

/** One JSON array. @throws SettingsError for an unknown encoding. */
export class JsonExporter implements FileExporter {
  readonly format = 'json';
  readonly #columns: readonly Column[] | undefined;
  readonly #charset: Charset;
  readonly #indent: number | undefined;
  readonly #lineEnd: string;
  readonly #missing: null | undefined;
  #isEmpty = true;

  constructor({ fields, encoding, indent = 0, emptyFields = false }: JsonExporterOptions = {}) {
    this.#columns = declaredColumns(fields);
    this.#charset = charset(encoding);
    this.#indent = indent ?? undefined;
    this.#lineEnd = indent === null ? '' : '\n';
    this.#missing = emptyFields ? null : undefined;
  }

  start(): string | Uint8Array {
    return this.#encode(`${this.#charset.mark}[`);
  }

  encode(items: readonly ItemRecord[]): string | Uint8Array {
    let text = '';
    for (const item of items) {
      const record = chooseFields(toPlainRecord(item), this.#columns, this.#missing);
      text += `${this.#isEmpty ? '' : ','}${this.#lineEnd}${JSON.stringify(record, undefined, this.#indent)}`;
      this.#isEmpty = false;
    }
    return this.#encode(text);
  }

  end(): string | Uint8Array {
    return this.#encode(this.#isEmpty ? ']' : `${this.#lineEnd}]`);
  }

  async resume(file: ExistingFile): Promise<number> {
    if (!this.#charset.hasPlainAscii) throw new Error(`JSON in ${this.#charset.label} cannot be appended to`);
    const head = await file.read(0, TAIL_BYTES);
    const bracket = firstFilled(head, head.subarray(0, 3).equals(UTF8_MARK) ? 3 : 0);
    const tailAt = Math.max(0, file.size - TAIL_BYTES);
    const tail = await file.read(tailAt, TAIL_BYTES);
    const close = lastFilled(tail, tail.length);
    if (head[bracket] !== OPEN || tail[close] !== CLOSE || tailAt + close === bracket) {
      throw new Error(
        'it is no complete JSON array, so nothing can be appended; overwrite it with -O, or choose another name',
      );
    }
    const last = lastFilled(tail, close);
    this.#isEmpty = tailAt + last === bracket;
    return tailAt + last + 1;
  }

  state(): unknown {
    return { isEmpty: this.#isEmpty };
  }

  restore(state: unknown): void {
    this.#isEmpty = stateOf(state, 'isEmpty', 'boolean');
  }

  #encode(text: string): string | Uint8Array {
    return this.#charset.encode(text, jsonEscape);
  }
}

function firstFilled(bytes: Buffer, from: number): number {
  let at = from;
  while (BLANK.has(bytes[at])) at++;
  return at;
}

/** Where the last byte before `end` stands that is no white space; -1: there is none. */
function lastFilled(bytes: Buffer, end: number): number {
  let at = end - 1;
  while (BLANK.has(bytes[at])) at--;
  return at;
}
