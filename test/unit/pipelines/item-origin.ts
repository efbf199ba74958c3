import type { ItemOrigin } from '../../../src/contracts/item-pipeline.ts';
import { unitFor } from '../middlewares/component-context.ts';

const { id, attempt, retries, request, response, signal } = unitFor('http://a.test/');

/** Where the items of these tests come from. */
export const origin: ItemOrigin = {
  id,
  attempt,
  retries,
  request,
  response,
  signal,
  fingerprint: 'page',
  ordinal: 0,
};
