import { identity, type Processor } from './processors.ts';

/** What is made of the values of a field. */
export interface FieldProcessors<Value = unknown> {
  /** On the values as they are added, a list each time; what it gives is collected. */
  readonly in?: Processor;
  /** On all that was collected, when the item is loaded; null and undefined leave the field out. */
  readonly out?: Processor<Value | null | undefined>;
}

/** Processors by field. */
export type LoaderFields<Item extends object = Record<string, unknown>> = {
  readonly [Field in keyof Item]?: FieldProcessors<Item[Field]>;
};

/** Where processors are declared: a loader's options, or a loader's class. */
export interface ProcessorSource {
  readonly fields?: LoaderFields | undefined;
  readonly defaults?: FieldProcessors | undefined;
}

const AS_IT_IS = identity<unknown>();

/** The processor of a field: the first that says one for it, else the first with a default. */
export function processorFor(
  sources: readonly ProcessorSource[],
  field: string,
  side: 'in' | 'out',
): Processor {
  for (const { fields } of sources) {
    const own = fields !== undefined && Object.hasOwn(fields, field) ? fields[field]?.[side] : undefined;
    if (own !== undefined) return own;
  }
  return sources.find(({ defaults }) => defaults?.[side])?.defaults?.[side] ?? AS_IT_IS;
}
