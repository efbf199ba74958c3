import { errorMessage } from '../errors/crawl-error.ts';
import { ItemFieldError } from '../errors/item-field-error.ts';
import type { ItemRecord } from '../values/item.ts';
import { nearest } from '../values/nearest.ts';
import type { FieldProcessors } from './field-processors.ts';
import { shownValue } from './loader-values.ts';

/** What is said of one field of an item: how loaders fill it, how it is written, and whatever else you keep there. */
export interface ItemField<Value = unknown> extends FieldProcessors<Value> {
  /** What outputs get in the place of the value; not asked for fields that are undefined. */
  serialize?(value: Exclude<Value, undefined>): unknown;
  /** Notes of your own. */
  readonly [metadata: string]: unknown;
}

/** The fields of an item, by name. */
export type ItemFields<Item extends object = ItemRecord> = {
  readonly [Field in keyof Item]-?: ItemField<Item[Field]>;
};

/** A class of items whose fields are declared. */
export interface ItemClass<Item extends object = ItemRecord> {
  /** @throws ItemFieldError for a field that is not declared. */
  new (values?: Partial<Item>): Item;
  /** The declaration: spread it to declare an item with more fields. */
  readonly fields: ItemFields<Item>;
}

/** Marks declared items of any copy of the framework. */
const FIELDS = Symbol.for('orbweaver.itemFields');

/**
 * A class of items with these fields and no others: setting an unknown one throws a TypeError, naming one to the
 * constructor an `ItemFieldError`. What has no value is undefined and is not written. Scrapy's Item and Field.
 *
 * Outputs get the values after `serialize`; pipelines see them as they are, and give the item itself back: a copy
 * by spreading (`{ ...item }`) is a plain object.
 */
export function defineItem<Item extends object>(fields: ItemFields<Item>): ItemClass<Item> {
  const declared: ItemFields<Item> = Object.freeze({ ...fields });
  const names = Object.keys(declared);

  class DeclaredItem {
    static readonly fields = declared;

    constructor(values: Partial<Item> = {}) {
      for (const name of names) setOwn(this, name, undefined);
      for (const [name, value] of Object.entries(values)) {
        if (!Object.hasOwn(declared, name)) throw new ItemFieldError(name, notDeclared(name, names));
        setOwn(this, name, value);
      }
      Object.preventExtensions(this);
    }

    toJSON(): Record<string, unknown> {
      const written: Record<string, unknown> = {};
      for (const [name, value] of Object.entries(this)) {
        if (value !== undefined) setOwn(written, name, serialized(name, fieldOf(declared, name), value));
      }
      return written;
    }
  }
  Object.defineProperty(DeclaredItem.prototype, FIELDS, { value: declared });
  return DeclaredItem as unknown as ItemClass<Item>;
}

/** The declaration of an item made by a class of `defineItem`; undefined for any other object. */
export function itemFields(item: object): Readonly<Record<string, ItemField>> | undefined {
  return FIELDS in item ? (item[FIELDS] as Readonly<Record<string, ItemField>>) : undefined;
}

function fieldOf(fields: object, name: string): ItemField | undefined {
  return Object.getOwnPropertyDescriptor(fields, name)?.value;
}

function serialized(name: string, field: ItemField | undefined, value: unknown): unknown {
  if (field?.serialize === undefined) return value;
  try {
    return field.serialize(value);
  } catch (cause) {
    const problem = `could not be written: its serialize() failed on ${shownValue(value)}: ${errorMessage(cause)}`;
    throw new ItemFieldError(name, problem, { cause });
  }
}

function notDeclared(name: string, names: readonly string[]): string {
  const [near] = nearest(name, names);
  return `is not declared by its item${near === undefined ? `: it has ${names.join(', ')}` : `, did you mean ${near}?`}`;
}

/** Defined, not assigned: a field may be called __proto__. */
function setOwn(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
