import { errorMessage } from '../errors/crawl-error.ts';
import { ItemLoaderError } from '../errors/item-loader-error.ts';
import { extractRegex } from '../markup/extract-regex.ts';
import type { Selector, SelectorList } from '../markup/selector.ts';
import { appendAll } from '../values/append-all.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Response } from '../values/response.ts';
import { checkLoaderFields } from './check-loader-fields.ts';
import { itemFields } from './define-item.ts';
import {
  type FieldProcessors,
  type LoaderFields,
  type ProcessorSource,
  processorFor,
} from './field-processors.ts';
import { shownValue, toList } from './loader-values.ts';
import type { LoaderContext, Processor } from './processors.ts';

/** What an `ItemLoader` starts with. */
export interface ItemLoaderOptions<Item extends object = ItemRecord> {
  /** The item to fill; what it has comes first among the values of its fields. @defaultValue a new one */
  readonly item?: Item;
  /** The page that queries look at. */
  readonly response?: Response;
  /** What queries look at instead of the whole page. */
  readonly selector?: Selector | SelectorList;
  /** Processors by field; they win over those of the class. */
  readonly fields?: LoaderFields<Item>;
  /** Processors of all fields without one of their own. @defaultValue the values as they are */
  readonly defaults?: FieldProcessors;
  /** Handed to processors as their second argument. */
  readonly context?: LoaderContext;
  /** The loader whose item and values this one shares. */
  readonly parent?: ItemLoader<Item>;
}

/** What is done with a value before it is added. */
export interface LoaderStep {
  /** Take what this expression finds in the texts. */
  readonly re?: RegExp | string;
  /** Run these on the whole value, in turn; null or undefined ends it. */
  readonly processors?: Processor | readonly Processor[];
}

/** One query, or several whose results are taken together. */
type Queries = string | readonly string[];

/**
 * Gathers the values of an item's fields from queries and cleans them on the way: input processors work on what
 * is added, output processors on all that was gathered. A subclass says them in `static fields` and
 * `static defaults`, and inherits those that it does not say. Fields that got no value are absent from the item.
 * An item made by a class of `defineItem` says processors in its fields, too. Scrapy's ItemLoader.
 *
 * @throws ItemLoaderError when a processor fails, naming field, processor and value; for a field that a declared item
 * lacks, or processors under a misspelt name.
 */
export class ItemLoader<Item extends object = ItemRecord> {
  /** Processors by field, for all loaders of this class. */
  static readonly fields: LoaderFields = {};
  /** Processors of all other fields, for all loaders of this class. */
  static readonly defaults: FieldProcessors = {};

  /** The item that is filled. */
  readonly item: Item;
  /** What processors get as their second argument: `item`, `response`, `selector` and what you put there. */
  readonly context: Record<string, unknown>;
  readonly #options: ItemLoaderOptions<Item>;
  readonly #sources: readonly ProcessorSource[];
  readonly #values: Map<string, unknown[]>;

  constructor(options: ItemLoaderOptions<Item> = {}) {
    const { parent, item, response, selector, context } = options;
    this.#options = options;
    this.item = parent?.item ?? item ?? ({} as Item);
    this.context = { ...parent?.context, ...context, item: this.item, selector, response };
    // As in Scrapy what a loader says of a field wins over the item, and the item over defaults.
    const own = [options as ProcessorSource, ...classesOf(this)];
    const declared = itemFields(this.item);
    checkLoaderFields(own, declared);
    this.#sources = [...own, { fields: declared }];
    this.#values = parent === undefined ? new Map() : parent.#values;
    if (parent !== undefined) return;
    for (const [field, value] of Object.entries(this.item)) this.#collect(field, value);
  }

  /** Adds a value, or a list of them, to a field. Null and undefined add nothing. */
  addValue(field: keyof Item & string, value: unknown, step?: LoaderStep): this {
    const made = this.#made(field, value, step);
    if (made !== null && made !== undefined) this.#add(field, made);
    return this;
  }

  /** Adds a value to each of several fields. */
  addValues(values: { readonly [Field in keyof Item]?: unknown }, step?: LoaderStep): this {
    for (const [field, value] of Object.entries(values))
      this.addValue(field as keyof Item & string, value, step);
    return this;
  }

  /** As `addValue`, in the place of what was gathered so far. Null and undefined change nothing. */
  replaceValue(field: keyof Item & string, value: unknown, step?: LoaderStep): this {
    const made = this.#made(field, value, step);
    if (made === null || made === undefined) return this;
    this.#values.delete(field);
    this.#add(field, made);
    return this;
  }

  /** A value after a step, without adding it. */
  getValue(value: unknown, step?: LoaderStep): unknown {
    return this.#made(undefined, value, step);
  }

  /** Adds what CSS queries find. */
  addCss(field: keyof Item & string, query: Queries, step?: LoaderStep): this {
    return this.addValue(field, this.#found('css', query), step);
  }

  /** As `addCss`, in the place of what was gathered so far. */
  replaceCss(field: keyof Item & string, query: Queries, step?: LoaderStep): this {
    return this.replaceValue(field, this.#found('css', query), step);
  }

  /** What CSS queries find, without adding it. */
  getCss(query: Queries, step?: LoaderStep): unknown {
    return this.getValue(this.#found('css', query), step);
  }

  /** Adds what XPath expressions find. */
  addXpath(field: keyof Item & string, query: Queries, step?: LoaderStep): this {
    return this.addValue(field, this.#found('xpath', query), step);
  }

  /** As `addXpath`, in the place of what was gathered so far. */
  replaceXpath(field: keyof Item & string, query: Queries, step?: LoaderStep): this {
    return this.replaceValue(field, this.#found('xpath', query), step);
  }

  /** What XPath expressions find, without adding it. */
  getXpath(query: Queries, step?: LoaderStep): unknown {
    return this.getValue(this.#found('xpath', query), step);
  }

  /** Adds what JMESPath expressions find. */
  addJmes(field: keyof Item & string, query: Queries, step?: LoaderStep): this {
    return this.addValue(field, this.#found('jmespath', query), step);
  }

  /** As `addJmes`, in the place of what was gathered so far. */
  replaceJmes(field: keyof Item & string, query: Queries, step?: LoaderStep): this {
    return this.replaceValue(field, this.#found('jmespath', query), step);
  }

  /** What JMESPath expressions find, without adding it. */
  getJmes(query: Queries, step?: LoaderStep): unknown {
    return this.getValue(this.#found('jmespath', query), step);
  }

  /** A loader of the same item whose queries look at what a CSS query finds. */
  nestedCss(query: string, context?: LoaderContext): this {
    return this.#nested(this.#source('css').css(query), context);
  }

  /** A loader of the same item whose queries look at what an XPath expression finds. */
  nestedXpath(query: string, context?: LoaderContext): this {
    return this.#nested(this.#source('xpath').xpath(query), context);
  }

  /** What was gathered for a field so far, after its input processor. */
  getCollectedValues(field: keyof Item & string): readonly unknown[] {
    return [...(this.#values.get(field) ?? [])];
  }

  /** What the field's output processor makes of what was gathered so far. */
  getOutputValue<Field extends keyof Item & string>(field: Field): Item[Field] | null | undefined {
    const values = this.getCollectedValues(field);
    return this.#run('output processor', field, 'out', values) as Item[Field] | null | undefined;
  }

  /** The item, filled with the output of all fields that got values. */
  loadItem(): Item {
    for (const field of this.#values.keys()) {
      const value = this.getOutputValue(field as keyof Item & string);
      // Defined, not assigned: a field may be called __proto__.
      if (value !== null && value !== undefined) {
        Object.defineProperty(this.item, field, {
          value,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      }
    }
    return this.item;
  }

  #add(field: string, value: unknown): void {
    this.#collect(field, this.#run('input processor', field, 'in', toList(value)));
  }

  #collect(field: string, value: unknown): void {
    const added = toList(value);
    if (added.length === 0) return;
    if (!Object.isExtensible(this.item) && !Object.hasOwn(this.item, field)) {
      throw new ItemLoaderError(field, 'the item has no such field, and takes no others than it has');
    }
    const collected = this.#values.get(field);
    if (collected === undefined) this.#values.set(field, [...added]);
    else appendAll(collected, added);
  }

  #run(role: string, field: string, side: 'in' | 'out', values: readonly unknown[]): unknown {
    return this.#processed(role, field, processorFor(this.#sources, field, side), values);
  }

  #made(field: string | undefined, value: unknown, { re, processors = [] }: LoaderStep = {}): unknown {
    let made = value;
    if (re !== undefined && value !== null && value !== undefined) {
      made = toList(value).flatMap((text) => extractRegex(re, String(text)));
    }
    for (const processor of typeof processors === 'function' ? [processors] : processors) {
      if (made === null || made === undefined) break;
      made = this.#processed('processor', field, processor, made);
    }
    return made;
  }

  #processed(role: string, field: string | undefined, processor: Processor, value: unknown): unknown {
    try {
      return processor(value, this.context);
    } catch (cause) {
      const name = processor.name || 'without a name';
      const problem = `${role} ${name} failed on ${shownValue(value)}: ${errorMessage(cause)}`;
      throw new ItemLoaderError(field, problem, { cause });
    }
  }

  #found(language: 'css' | 'xpath' | 'jmespath', query: Queries): unknown[] {
    const source = this.#source(language);
    return toList(query).flatMap((one): unknown[] => source[language](String(one)).getAll());
  }

  #source(language: string): Response | Selector | SelectorList {
    const source = this.#options.selector ?? this.#options.response;
    if (source !== undefined) return source;
    throw new ItemLoaderError(undefined, `a ${language} query needs a loader with a response or a selector`);
  }

  #nested(selector: SelectorList, context: LoaderContext = {}): this {
    const { response, fields, defaults } = this.#options;
    const Loader = this.constructor as new (options: ItemLoaderOptions<Item>) => this;
    return new Loader({
      parent: this,
      selector,
      context,
      ...(response && { response }),
      ...(fields && { fields }),
      ...(defaults && { defaults }),
    });
  }
}

/** The loader's class and those that it extends, with what each of them says itself. */
function classesOf(loader: object): ProcessorSource[] {
  const classes: ProcessorSource[] = [];
  for (
    let Class: unknown = loader.constructor;
    typeof Class === 'function';
    Class = Object.getPrototypeOf(Class)
  ) {
    classes.push({
      fields: Object.getOwnPropertyDescriptor(Class, 'fields')?.value,
      defaults: Object.getOwnPropertyDescriptor(Class, 'defaults')?.value,
    });
  }
  return classes;
}
