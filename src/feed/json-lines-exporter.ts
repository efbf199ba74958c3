import type { ItemRecord } from '../values/item.ts';
import { toPlainRecord } from '../values/plain-value.ts';
import { type Charset, charset } from './charset.ts';
import { type Column, chooseFields, declaredColumns } from './field-choice.ts';
import type { ExistingFile, FileExporter } from './file-exporter.ts';
import { jsonEscape } from './json-escape.ts';
import type { JsonExporterOptions } from './json-exporter.ts';
import { stateOf } from './saved-state.ts';

const PIECE_BYTES = 65_536;
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const NEWLINE = 0x0a;
const UTF8_MARK = /^\u00ef\u00bb\u00bf/;

/** One JSON object a line. @throws SettingsError for an unknown encoding. */
export class JsonLinesExporter implements FileExporter {
  readonly format = 'jsonl';
  readonly #columns: readonly Column[] | undefined;
  readonly #charset: Charset;
  readonly #missing: null | undefined;
  /** What ends a line that another writer left open. */
  #due = '';

  constructor({ fields, encoding, emptyFields = false }: Omit<JsonExporterOptions, 'indent'> = {}) {
    this.#columns = declaredColumns(fields);
    this.#charset = charset(encoding);
    this.#missing = emptyFields ? null : undefined;
  }

  start(): string | Uint8Array {
    return this.#charset.encode(this.#charset.mark, jsonEscape);
  }

  encode(items: readonly ItemRecord[]): string | Uint8Array {
    let text = items.length === 0 ? '' : this.#due;
    for (const item of items) {
      text += `${JSON.stringify(chooseFields(toPlainRecord(item), this.#columns, this.#missing))}\n`;
    }
    if (items.length > 0) this.#due = '';
    return this.#charset.encode(text, jsonEscape);
  }

  end(): string {
    return '';
  }

  /** A last line that a crash cut short is overwritten. */
  async resume(file: ExistingFile): Promise<number> {
    if (!this.#charset.hasPlainAscii) throw new Error(`JSON in ${this.#charset.label} cannot be appended to`);
    const line = (await lastLine(file)).replace(UTF8_MARK, '');
    if (line === '') return file.size;
    if (isJson(line)) {
      this.#due = '\n';
      return file.size;
    }
    if (!line.startsWith('{'))
      throw new Error(
        'its last line is no JSON, so nothing can be appended; overwrite it with -O, or choose another name',
      );
    return file.size - Buffer.byteLength(line, 'latin1');
  }

  state(): unknown {
    return { due: this.#due };
  }

  restore(state: unknown): void {
    this.#due = stateOf(state, 'due', 'string');
  }
}

/** What stands after the last line end, as a byte string. */
async function lastLine(file: ExistingFile): Promise<string> {
  let line = '';
  for (let end = file.size; end > 0; end -= PIECE_BYTES) {
    const from = Math.max(0, end - PIECE_BYTES);
    const piece = await file.read(from, end - from);
    const newline = piece.lastIndexOf(NEWLINE);
    line = piece.toString('latin1', newline + 1) + line;
    if (newline >= 0) break;
    if (line.length > MAX_LINE_BYTES) throw new Error('its last line is too long for a line of JSON');
  }
  return line;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
