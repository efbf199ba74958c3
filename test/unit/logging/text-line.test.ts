import { describe, expect, it } from 'vitest';
import { jsonLine } from '../../../src/logging/json-line.ts';
import type { LogLine } from '../../../src/logging/log-line.ts';
import { textLine } from '../../../src/logging/text-line.ts';

const line = (fields: LogLine['fields'], logger = 'engine'): LogLine => ({
  timeMs: 0,
  level: 'warn',
  logger,
  message: 'slow page',
  fields,
});
const HEAD = '1970-01-01T00:00:00.000Z WARN  [engine] slow page';

describe('textLine', () => {
  const format = textLine(false);

  it.each([
    [{ pages: 3, url: 'http://a.test/' }, 'pages=3 url=http://a.test/'],
    [{ title: 'two words' }, 'title="two words"'],
    [{ title: 'a "b"' }, 'title="a \\"b\\""'],
    [{ empty: '' }, 'empty=""'],
    [{ list: [1, 'x'] }, 'list=[1,"x"]'],
  ])('writes %j as %s', (fields, wanted) => {
    expect(format(line(fields))).toBe(`${HEAD} ${wanted}\n`);
  });

  it('leaves out what is not there', () => {
    expect(format(line({ a: undefined }))).toBe(`${HEAD}\n`);
    expect(format(line({}, ''))).toBe('1970-01-01T00:00:00.000Z WARN  slow page\n');
  });

  it('writes a stack below, indented', () => {
    expect(format(line({ stack: 'Error: x\n  at a\n  at b' }))).toBe(
      `${HEAD}\n    Error: x\n    at a\n    at b\n`,
    );
  });

  it('colours only where it is told to', () => {
    expect(textLine(true)(line({}))).toContain('\u001b[');
    expect(format(line({}))).not.toContain('\u001b[');
  });
});

describe('jsonLine', () => {
  it('keeps its own members apart from fields of the same name', () => {
    expect(JSON.parse(jsonLine(line({ level: 9, page: 1 })))).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'warn',
      logger: 'engine',
      message: 'slow page',
      'fields.level': 9,
      page: 1,
    });
  });
});
