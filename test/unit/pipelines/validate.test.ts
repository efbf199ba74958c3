import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, it } from 'vitest';
import { validate } from '../../../pipelines/index.ts';
import { contextWith, made } from '../middlewares/component-context.ts';
import { origin } from './item-origin.ts';

type Verdict = StandardSchemaV1.Result<object>;

/** A schema as libraries make them. */
function schema(judge: (item: unknown) => Verdict | Promise<Verdict>): StandardSchemaV1<unknown, object> {
  return { '~standard': { version: 1, vendor: 'test', validate: judge } };
}

const refusal = { issues: [{ message: 'no number', path: ['offers', 0, { key: 'price' }] }] };

describe('validate', () => {
  it('passes on what the schema makes of the item', async () => {
    const pipeline = await made(validate(schema(() => ({ value: { price: 2 } }))), contextWith());
    expect(await pipeline.processItem?.({ price: '2' }, origin)).toEqual({ price: 2 });
  });

  it('waits for a schema that takes its time', async () => {
    const pipeline = await made(validate(schema(async () => refusal)), contextWith());
    expect(await pipeline.processItem?.({}, origin)).toMatchObject({ reason: 'invalid offers.price' });
  });

  it('drops what does not fit, by the field but not its place in a list', async () => {
    const pipeline = await made(validate(schema(() => refusal)), contextWith());
    expect(await pipeline.processItem?.({}, origin)).toMatchObject({ reason: 'invalid offers.price' });
  });

  it('makes an error of it when asked', async () => {
    const pipeline = await made(
      validate(
        schema(() => refusal),
        { onInvalid: 'error' },
      ),
      contextWith(),
    );
    expect(() => pipeline.processItem?.({}, origin)).toThrow('offers.price: no number');
  });
});
