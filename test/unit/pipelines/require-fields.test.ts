import { expect, it } from 'vitest';
import { requireFields } from '../../../pipelines/index.ts';
import { contextWith, made } from '../middlewares/component-context.ts';
import { origin } from './item-origin.ts';

it('requireFields names the fields that are missing or empty', async () => {
  const pipeline = await made(requireFields('title', 'price', 'stock'), contextWith());
  const process = async (item: Record<string, unknown>) => pipeline.processItem?.(item, origin);
  expect(await process({ title: 'x', price: 0, stock: false })).toEqual({
    title: 'x',
    price: 0,
    stock: false,
  });
  expect(await process({ title: '', price: null })).toMatchObject({ reason: 'missing title, price, stock' });
});
