import type { FieldProcessors } from '../../src/extract/field-processors.ts';
import { ItemLoader } from '../../src/extract/item-loader.ts';
import { identity, join, mapCompose, type Processor, takeFirst } from '../../src/extract/processors.ts';
import { Selector } from '../../src/markup/selector.ts';
import { cases } from './load.ts';

interface Step {
  readonly add?: string;
  readonly replace?: string;
  readonly value?: unknown;
  readonly css?: string;
  readonly field?: string;
  readonly re?: string;
  readonly nested?: string;
  readonly steps?: readonly Step[];
}

interface Input {
  readonly fields: Readonly<Record<string, { readonly in?: readonly string[]; readonly out?: string }>>;
  readonly item?: Record<string, unknown>;
  readonly html?: string;
  readonly steps: readonly Step[];
}

const INPUTS: Readonly<Record<string, Processor>> = {
  strip: (text: string) => text.trim(),
  upper: (text: string) => text.toUpperCase(),
  lower: (text: string) => text.toLowerCase(),
  int: (text: string) => Number.parseInt(text, 10),
  removeTags: (text: string) => text.replace(/<[^>]*>/g, ''),
  dropEmpty: (text: string) => (text === '' ? null : text),
};
const OUTPUTS: Readonly<Record<string, Processor>> = {
  first: takeFirst(),
  all: identity(),
  max: (values: number[]) => Math.max(...values),
  count: (values: unknown[]) => values.length,
};

function input(name: string): Processor {
  const [kind = '', argument = ''] = name.split(/:(.*)/s);
  return kind === 'split' ? (text: string) => text.split(argument) : (INPUTS[kind] ?? identity());
}

function output(name: string): Processor {
  const [kind = '', argument] = name.split(/:(.*)/s);
  return kind === 'join' ? join(argument) : (OUTPUTS[kind] ?? identity());
}

function processors({
  in: chain,
  out,
}: {
  readonly in?: readonly string[];
  readonly out?: string;
}): FieldProcessors {
  return {
    ...(chain && { in: mapCompose(...chain.map(input)) }),
    ...(out !== undefined && { out: output(out) }),
  };
}

function run(loader: ItemLoader, steps: readonly Step[]): void {
  for (const { add, replace, value, css, field = '', re, nested, steps: inner = [] } of steps) {
    const step = { ...(re !== undefined && { re }) };
    if (add !== undefined) loader.addValue(add, value, step);
    else if (replace !== undefined) loader.replaceValue(replace, value, step);
    else if (css !== undefined) loader.addCss(field, css, step);
    else if (nested !== undefined) run(loader.nestedCss(nested), inner);
  }
}

cases<Input>('item-loader', ({ fields: { '*': defaults = {}, ...fields }, item, html = '', steps }) => {
  const loader = new ItemLoader({
    selector: new Selector({ text: html, type: 'html' }),
    fields: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, processors(field)])),
    defaults: processors(defaults),
    ...(item && { item: { ...item } }),
  });
  run(loader, steps);
  return loader.loadItem();
});
