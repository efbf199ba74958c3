import { describe, expect, it } from 'vitest';
import type { ArgumentSchema } from '../../../src/contracts/spider.ts';
import { checkArguments, secretArguments } from '../../../src/crawler/check-arguments.ts';

const TABLE: ArgumentSchema = {
  category: { description: 'which shelf' },
  limit: { type: 'number', default: 50 },
  fast: { type: 'boolean', optional: true },
  tags: { type: 'list', optional: true },
  order: { choices: ['asc', 'desc'], default: 'asc' },
  key: { secret: true, optional: true },
  formats: { type: 'list', choices: ['csv', 'json'], optional: true },
};
const check = (given: Record<string, unknown>) => checkArguments(TABLE, given, 'books');

describe('checkArguments', () => {
  it('reads texts by type and fills defaults in', async () => {
    expect(await check({ category: 'poetry', fast: 'yes', tags: 'a, b' })).toEqual({
      category: 'poetry',
      limit: 50,
      fast: true,
      tags: ['a', 'b'],
      order: 'asc',
    });
  });

  it('takes values of code as they are', async () => {
    expect(await check({ category: 'x', limit: 3 })).toMatchObject({ limit: 3 });
  });

  it('passes everything where nothing is declared', async () => {
    expect(await checkArguments(undefined, { any: '1' }, 'books')).toEqual({ any: '1' });
  });

  it.each([
    [{}, 'spider books needs category (which shelf): give it with -a name=value'],
    [{ category: 'x', limt: '5' }, 'spider books has no argument limt: did you mean limit?'],
    [{ category: 'x', limit: 'five' }, 'argument limit must be a number, got "five"'],
    [{ category: 'x', order: 'up' }, 'argument order must be one of asc, desc, got "up"'],
    [{ category: 'x', formats: 'csv,xml' }, 'argument formats must be one of csv, json, got "csv,xml"'],
    [{ category: 'x', tags: '[a' }, 'argument tags must be a list of a text, got "[a"'],
  ])('refuses %j', async (given, message) => {
    await expect(check(given)).rejects.toThrow(message);
  });

  it('names all arguments that are missing', async () => {
    await expect(checkArguments({ shelf: {}, page: { type: 'number' } }, {}, 'books')).rejects.toThrow(
      'spider books needs shelf, page: give them with -a name=value',
    );
  });

  it('takes lists whose members are all allowed', async () => {
    expect(await check({ category: 'x', formats: 'csv, json' })).toMatchObject({ formats: ['csv', 'json'] });
  });

  it('checks defaults as it checks what is given', async () => {
    const wrong: ArgumentSchema = { limit: { type: 'number', default: 'all' } };
    await expect(checkArguments(wrong, {}, 'books')).rejects.toThrow('limit must be a number, got "all"');
  });

  it('takes no argument from what every object inherits', async () => {
    await expect(checkArguments({ constructor: {} }, {}, 'books')).rejects.toThrow('needs constructor');
  });

  it('shows no wrong value of a secret argument', async () => {
    const schema: ArgumentSchema = { pin: { type: 'number', secret: true } };
    await expect(checkArguments(schema, { pin: 'hunter2' }, 'books')).rejects.toThrow(
      'argument pin must be a number, got something else',
    );
  });

  it('asks a Standard Schema, and tells its issues', async () => {
    const schema: ArgumentSchema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) =>
          (value as { page?: string }).page === '1'
            ? { value: { page: 1 } }
            : { issues: [{ message: 'must be 1', path: ['page'] }] },
      },
    };
    expect(await checkArguments(schema, { page: '1' }, 'books')).toEqual({ page: 1 });
    await expect(checkArguments(schema, { page: '2' }, 'books')).rejects.toThrow('page: must be 1');
  });

  it('knows which values are secret', () => {
    expect(secretArguments(TABLE, { category: 'x', key: 'hunter2' })).toEqual(['hunter2']);
  });

  it('takes values for secret whose names say so, unless the declaration says otherwise', () => {
    const given = { apiToken: 'hunter2', page: 'first', cookies: true };
    expect(secretArguments(undefined, given)).toEqual(['hunter2']);
    expect(secretArguments({ apiToken: { secret: false } }, given)).toEqual([]);
  });
});
