import { describe, expect, it } from 'vitest';
import { JsonExporter } from '../../../src/feed/json-exporter.ts';

const text = (exporter: JsonExporter, items: Record<string, unknown>[]): string =>
  [exporter.start(), exporter.encode(items), exporter.end()]
    .map((part) => Buffer.from(part as string))
    .join('');

describe('JsonExporter', () => {
  it('puts one item on a line', () => {
    expect(text(new JsonExporter(), [{ a: 1 }, { a: 2 }])).toBe('[\n{"a":1},\n{"a":2}\n]');
    expect(text(new JsonExporter(), [])).toBe('[]');
  });

  it('indents', () => {
    expect(text(new JsonExporter({ indent: 2 }), [{ a: 1 }])).toBe('[\n{\n  "a": 1\n}\n]');
  });

  it('puts everything on one line', () => {
    expect(text(new JsonExporter({ indent: null }), [{ a: 1 }, { a: 2 }])).toBe('[{"a":1},{"a":2}]');
    expect(text(new JsonExporter({ indent: null }), [])).toBe('[]');
  });

  it('writes declared fields in their order, missing ones as null where asked', () => {
    const options = { fields: { b: 'B', a: 'A' }, emptyFields: true };
    expect(text(new JsonExporter(options), [{ a: 1, c: 2 }])).toBe('[\n{"B":null,"A":1}\n]');
  });

  it('escapes what the encoding lacks', () => {
    const exporter = new JsonExporter({ encoding: 'latin1' });
    expect(Buffer.from(exporter.encode([{ a: 'é€😀' }])).toString('latin1')).toBe(
      '\n{"a":"é\\u20ac\\ud83d\\ude00"}',
    );
  });

  it('refuses an encoding that it does not know', () => {
    expect(() => new JsonExporter({ encoding: 'no-such' })).toThrow(/no-such.*no encoding/);
  });
});
