import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Settings } from '../settings/settings.ts';
import type { Drop } from '../values/drop.ts';
import type { ItemRecord } from '../values/item.ts';
import type { Request } from '../values/request.ts';
import type { Response } from '../values/response.ts';
import type { RetryLater } from '../values/retry-later.ts';
import type { Logger } from './logger.ts';
import type { Stats } from './stats.ts';

/**
 * One thing a callback may give; `drop()` stands in the place of an item that is not to be kept, and counts as one that
 * was dropped; `retryLater()` wants its page again.
 */
export type Output<Item extends object = ItemRecord> = Request | Item | Drop | RetryLater | null | undefined;

/**
 * All that a callback may return: nothing, one output, any list or generator of outputs, plain or async, or a
 * promise of one of these.
 */
export type SpiderOutput<Item extends object = ItemRecord> =
  | Output<Item>
  | void
  | Iterable<Output<Item>>
  | AsyncIterable<Output<Item>>
  | Promise<Output<Item> | void | Iterable<Output<Item>> | AsyncIterable<Output<Item>>>;

/** What the engine gives to a spider. */
export interface SpiderRuntime {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly stats: Stats;
  /** `this.fetch`: a download within a callback. */
  fetch(request: Request): Promise<Response>;
  /** Ends the crawl in order. */
  stop(reason: string): void;
  /** Requests of a seed file or stream, where the crawl has one. */
  readonly seeds?: AsyncIterable<Request> | undefined;
}

/** A spider as the engine and components see it. */
export interface SpiderLike {
  readonly name: string;
  readonly startUrls: readonly string[];
  /** Hosts the crawl may touch, with sub-domains. Empty: any. */
  readonly allowedDomains: readonly string[];
  /** Checked arguments. */
  readonly args: object;
  /** Plain data kept with the job. */
  readonly state: Record<string, unknown>;
  start(): SpiderOutput<object>;
  closed?(reason: string): void | Promise<void>;
}

/** One argument of a spider as `static args` declares it. */
export interface ArgumentSpec {
  /** @defaultValue `string` */
  readonly type?: 'string' | 'number' | 'boolean' | 'list';
  /** Taken where none is given; without it the argument is required unless `optional`. */
  readonly default?: string | number | boolean | readonly string[];
  readonly optional?: boolean;
  /** Allowed values. */
  readonly choices?: readonly (string | number)[];
  /** Shown by `crawl list --long` and in error messages. */
  readonly description?: string;
  /** Masked in logs, stats and state. */
  readonly secret?: boolean;
}

/** `static args` of a spider: a table of arguments, or a Standard Schema (zod, valibot, arktype) for the whole object. */
export type ArgumentSchema =
  | Readonly<Record<string, ArgumentSpec>>
  | StandardSchemaV1<unknown, Record<string, unknown>>;

type ArgumentValue<Spec extends ArgumentSpec> = Spec['type'] extends 'number'
  ? number
  : Spec['type'] extends 'boolean'
    ? boolean
    : Spec['type'] extends 'list'
      ? readonly string[]
      : string;

/** The type of `this.args` that an argument table or schema gives. */
export type ArgumentsOf<Schema> =
  Schema extends StandardSchemaV1<unknown, infer Value>
    ? Value
    : Schema extends Readonly<Record<string, ArgumentSpec>>
      ? {
          readonly [Name in keyof Schema]: Schema[Name] extends { readonly optional: true }
            ? ArgumentValue<Schema[Name]> | undefined
            : ArgumentValue<Schema[Name]>;
        }
      : Record<string, unknown>;
