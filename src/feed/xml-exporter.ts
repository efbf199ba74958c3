import type { ItemRecord } from '../values/item.ts';
import { isPlainRecord, type PlainValue, toPlainRecord } from '../values/plain-value.ts';
import { type Charset, charset } from './charset.ts';
import { type Column, chooseFields, declaredColumns, type FieldList } from './field-choice.ts';
import type { ExistingFile, FileExporter } from './file-exporter.ts';
import { stateOf } from './saved-state.ts';

/** How XML is written. */
export interface XmlExporterOptions {
  /** Fields and their order; an object gives the names to write. @defaultValue every field */
  readonly fields?: FieldList | undefined;
  /** Label of the encoding, as the XML declaration names it; what it lacks is written as `&#8364;`. @defaultValue `utf-8` */
  readonly encoding?: string | undefined;
  /** Spaces of indentation; 0: one item a line; null: everything on one line. @defaultValue `null` */
  readonly indent?: number | null | undefined;
  /** Write declared fields that an item lacks as empty elements. @defaultValue `false` */
  readonly emptyFields?: boolean | undefined;
  /** Name of the root element. @defaultValue `items` */
  readonly rootElement?: string | undefined;
  /** Name of an item's element. @defaultValue `item` */
  readonly itemElement?: string | undefined;
}

const NOT_NAME_START = /^[^A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff]/u;
const NOT_NAME = /[^-.0-9A-Z_a-z\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff]/gu;
const NOT_XML = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const MARKUP = /[&<>\r]/g;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };
const TAIL_BYTES = 4096;

/**
 * One element for each item, one for each of its fields; the values of a list are `<value>` elements. Always
 * well-formed: characters that XML cannot hold are left out, names are made valid with `_`.
 *
 * @throws SettingsError for an unknown encoding.
 */
export class XmlExporter implements FileExporter {
  readonly format = 'xml';
  readonly #columns: readonly Column[] | undefined;
  readonly #charset: Charset;
  readonly #indent: number | null;
  readonly #missing: '' | undefined;
  readonly #root: string;
  readonly #item: string;
  readonly #lineEnd: string;
  readonly #itemEnd: string;

  constructor(options: XmlExporterOptions = {}) {
    const {
      fields,
      encoding,
      indent = null,
      emptyFields = false,
      rootElement = 'items',
      itemElement = 'item',
    } = options;
    this.#columns = declaredColumns(fields);
    this.#charset = charset(encoding);
    this.#indent = indent;
    this.#missing = emptyFields ? '' : undefined;
    this.#root = elementName(rootElement);
    this.#item = elementName(itemElement);
    this.#lineEnd = indent !== null && indent > 0 ? '\n' : '';
    this.#itemEnd = indent === null ? '' : '\n';
  }

  start(): string | Uint8Array {
    const { mark, label } = this.#charset;
    const encoding = label.replace(/-(?:sig|bom)$/i, '');
    return this.#encode(
      `${mark}<?xml version="1.0" encoding="${encoding}"?>\n<${this.#root}>${this.#itemEnd}`,
    );
  }

  encode(items: readonly ItemRecord[]): string | Uint8Array {
    let text = '';
    for (const item of items) {
      const fields = chooseFields(toPlainRecord(item), this.#columns, this.#missing);
      text += `${this.#margin(1)}<${this.#item}>${this.#lineEnd}`;
      for (const [name, value] of Object.entries(fields)) text += this.#element(elementName(name), value, 2);
      text += `${this.#margin(1)}</${this.#item}>${this.#itemEnd}`;
    }
    return this.#encode(text);
  }

  end(): string | Uint8Array {
    return this.#encode(`</${this.#root}>`);
  }

  async resume(file: ExistingFile): Promise<number> {
    if (!this.#charset.hasPlainAscii) throw new Error(`XML in ${this.#charset.label} cannot be appended to`);
    const tailAt = Math.max(0, file.size - TAIL_BYTES);
    const tail = await file.read(tailAt, TAIL_BYTES);
    const end = Buffer.from(this.end());
    const at = tail.lastIndexOf(end);
    if (at < 0 || tail.toString('latin1', at + end.length).trim() !== '') {
      throw new Error(
        `it does not end in </${this.#root}>, so nothing can be appended; overwrite it with -O, or choose another name`,
      );
    }
    return tailAt + at;
  }

  state(): unknown {
    return { root: this.#root };
  }

  restore(state: unknown): void {
    const root = stateOf(state, 'root', 'string');
    if (root !== this.#root) throw new Error(`its root element is ${root}, the feed's is ${this.#root}`);
  }

  #element(name: string, value: PlainValue, depth: number): string {
    return `${this.#margin(depth)}<${name}>${this.#content(value, depth)}</${name}>${this.#lineEnd}`;
  }

  #content(value: PlainValue, depth: number): string {
    if (typeof value !== 'object' || value === null) return value === null ? '' : xmlText(String(value));
    let text = this.#lineEnd;
    if (isPlainRecord(value)) {
      for (const [name, part] of Object.entries(value))
        text += this.#element(elementName(name), part, depth + 1);
    } else {
      for (const part of value as readonly PlainValue[]) text += this.#element('value', part, depth + 1);
    }
    return text + this.#margin(depth);
  }

  #margin(depth: number): string {
    return ' '.repeat((this.#indent ?? 0) * depth);
  }

  #encode(text: string): string | Uint8Array {
    return this.#charset.encode(text, (character) => `&#${character.codePointAt(0)};`);
  }
}

function xmlText(text: string): string {
  return text.replace(NOT_XML, '').replace(MARKUP, (character) => ENTITIES[character] ?? '');
}

/** A valid element name, without the colon that would make it a name of a namespace. */
function elementName(name: string): string {
  const valid = name.replace(NOT_NAME, '_');
  return valid === '' || NOT_NAME_START.test(valid) ? `_${valid}` : valid;
}
