import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../src/feed/bytes-of.ts';
import { CsvExporter } from '../../../src/feed/csv-exporter.ts';
import type { FileExporter } from '../../../src/feed/file-exporter.ts';
import { FileTarget, type FileTargetOptions } from '../../../src/feed/file-target.ts';
import { JsonExporter } from '../../../src/feed/json-exporter.ts';
import { JsonLinesExporter } from '../../../src/feed/json-lines-exporter.ts';
import { XmlExporter } from '../../../src/feed/xml-exporter.ts';
import type { ItemRecord } from '../../../src/values/item.ts';
import { openOnSmallDisk } from './failing-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Run {
  readonly path: string;
  readonly exporter: FileExporter;
  readonly batches: readonly ItemRecord[][];
  readonly options?: FileTargetOptions;
}

async function run({ path, exporter, batches, options }: Run): Promise<number> {
  const target = new FileTarget(path, options);
  await target.open(exporter);
  for (const items of batches) {
    const records = bytesOf(exporter.encode(items));
    await target.append(records, bytesOf(exporter.end()));
  }
  return await target.close(exporter);
}

const read = (path: string): string => readFileSync(path, 'utf8');
const inFolder = (name: string, content?: string): string => {
  const path = join(temporaryFolder(), name);
  if (content !== undefined) writeFileSync(path, content);
  return path;
};

describe('FileTarget', () => {
  it('makes parent folders, and a valid document even without items', async () => {
    const path = join(temporaryFolder(), 'a', 'b', 'out.json');
    await run({ path, exporter: new JsonExporter(), batches: [] });
    expect(read(path)).toBe('[]');
  });

  it('is a whole document after every batch', async () => {
    const path = inFolder('out.json');
    const exporter = new JsonExporter();
    const target = new FileTarget(path);
    await target.open(exporter);
    expect(JSON.parse(read(path))).toEqual([]);
    for (const count of [1, 2, 3]) {
      await target.append(bytesOf(exporter.encode([{ count }])), bytesOf(exporter.end()));
      expect(JSON.parse(read(path))).toHaveLength(count);
    }
    await target.close(exporter);
  });

  it('appends to an array, an empty array and one in another layout', async () => {
    for (const before of ['[\n{"a":0}\n]', '\ufeff [ {"a": 0} ]\n\n']) {
      const path = inFolder('out.json', before);
      await run({ path, exporter: new JsonExporter(), batches: [[{ a: 1 }], [{ a: 2 }]] });
      expect(JSON.parse(read(path).replace('\ufeff', ''))).toEqual([{ a: 0 }, { a: 1 }, { a: 2 }]);
    }
    const path = inFolder('out.json', '[ \n]\n');
    await run({ path, exporter: new JsonExporter(), batches: [[{ a: 1 }]] });
    expect(read(path)).toBe('[\n{"a":1}\n]');
  });

  it('refuses to append to what it cannot go on with, and leaves it alone', async () => {
    for (const [exporter, before] of [
      [new JsonExporter(), '[\n{"a":1},\n{"a"'],
      [new JsonExporter(), '{"a":[]}'],
      [new JsonExporter(), ']'],
      [new JsonLinesExporter(), 'some notes'],
      [new XmlExporter(), '<items></items><!-- end -->'],
      [new CsvExporter({ fields: ['a', 'c'] }), 'a,b\r\n1,2\r\n'],
    ] as const) {
      const path = inFolder('out', before);
      await expect(run({ path, exporter, batches: [[{ a: 1 }]] })).rejects.toThrow();
      expect(read(path)).toBe(before);
    }
  });

  it('overwrites a line that a crash cut short, and ends one that is only not ended', async () => {
    const cut = inFolder('out.jsonl', `{"a":"${'é'.repeat(50_000)}"}\n{"a":"é`);
    await run({ path: cut, exporter: new JsonLinesExporter(), batches: [[{ a: 2 }]] });
    expect(read(cut)).toBe(`{"a":"${'é'.repeat(50_000)}"}\n{"a":2}\n`);
    const open = inFolder('out.jsonl', '{"a":1}');
    await run({ path: open, exporter: new JsonLinesExporter(), batches: [[{ a: 2 }], [{ a: 3 }]] });
    expect(read(open)).toBe('{"a":1}\n{"a":2}\n{"a":3}\n');
  });

  it('appends to XML before the end of its root', async () => {
    const path = inFolder('out.xml', '<items><item/></items>\n');
    await run({ path, exporter: new XmlExporter(), batches: [[{ a: 1 }]] });
    expect(read(path)).toBe('<items><item/><item><a>1</a></item></items>');
  });

  it('appends to CSV in the order of its header and adds new columns to all rows', async () => {
    const path = inFolder('out.csv', '\ufeffb,"a ""x"""\n1,"two\nlines"\n');
    await run({ path, exporter: new CsvExporter(), batches: [[{ 'a "x"': 3, c: 4 }]] });
    expect(read(path)).toBe('b,"a ""x""",c\r\n1,"two\nlines",\n,3,4\r\n');
    const declared = inFolder('out.csv', 'B,A\r\n');
    await run({
      path: declared,
      exporter: new CsvExporter({ fields: { a: 'A', b: 'B' } }),
      batches: [[{ a: 1, b: 2 }]],
    });
    expect(read(declared)).toBe('B,A\r\n2,1\r\n');
  });

  it('overwrites a CSV row that a crash cut short', async () => {
    for (const [before, after] of [
      ['a,b\r\n1,2\r\n3', 'a,b\r\n1,2\r\n5,6\r\n'],
      ['a,b\r\n1,2\r\n3,"4\r\n', 'a,b\r\n1,2\r\n5,6\r\n'],
      ['a,b\r\n1,2', 'a,b\r\n1,2\r\n5,6\r\n'],
      ['a,b', 'a,b\r\n5,6\r\n'],
    ] as const) {
      const path = inFolder('out.csv', before);
      await run({ path, exporter: new CsvExporter(), batches: [[{ a: 5, b: 6 }]] });
      expect(read(path)).toBe(after);
    }
  });

  it('completes late columns in place, through links, and leaves no temporary file', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'out.csv');
    writeFileSync(path, '', { mode: 0o640 });
    symlinkSync(path, join(folder, 'link.csv'));
    const bytes = await run({
      path: join(folder, 'link.csv'),
      exporter: new CsvExporter(),
      batches: [[{ a: 1 }], [{ b: 2 }]],
    });
    expect(read(path)).toBe('a,b\r\n1,\r\n,2\r\n');
    expect(bytes).toBe(read(path).length);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).sort()).toEqual(['link.csv', 'out.csv']);
  });

  it('overwrites, or refuses', async () => {
    const path = inFolder('out.json', '[1,2,3,4,5,6,7,8,9]');
    await run({ path, exporter: new JsonExporter(), batches: [], options: { ifExists: 'overwrite' } });
    expect(read(path)).toBe('[]');
    const refused = run({ path, exporter: new JsonExporter(), batches: [], options: { ifExists: 'refuse' } });
    await expect(refused).rejects.toMatchObject({ code: 'ERR_CRAWL_OUTPUT' });
  });

  it('leaves no empty file behind, and an old file alone, where empty files are not wanted', async () => {
    const options = { ifExists: 'overwrite', storeEmpty: false } as const;
    const path = inFolder('out.csv');
    await run({ path, exporter: new CsvExporter(), batches: [], options });
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, 'old');
    await run({ path, exporter: new CsvExporter(), batches: [], options });
    expect(read(path)).toBe('old');
    await run({ path, exporter: new CsvExporter(), batches: [[{ a: 1 }]], options });
    expect(read(path)).toBe('a\r\n1\r\n');
  });

  it.each(['json', 'jsonl', 'csv', 'xml'])(
    'ends on a whole record of %s when the disk is full',
    async (format) => {
      const create = (): FileExporter => {
        if (format === 'json') return new JsonExporter();
        if (format === 'jsonl') return new JsonLinesExporter();
        return format === 'csv' ? new CsvExporter() : new XmlExporter();
      };
      const items = Array.from({ length: 10 }, (_, a) => ({ a }));
      for (let bytes = 60; bytes < 130; bytes++) {
        const path = inFolder('out');
        const exporter = create();
        const target = new FileTarget(path, {}, openOnSmallDisk({ bytes }));
        await target.open(exporter);
        let written = 0;
        const fill = async (): Promise<void> => {
          for (const item of items) {
            await target.append(bytesOf(exporter.encode([item])), bytesOf(exporter.end()));
            written++;
          }
        };
        await fill().catch(() => undefined);
        await target.close(exporter);
        const whole = create();
        const expected = [whole.start(), whole.encode(items.slice(0, written)), whole.end()]
          .map(bytesOf)
          .join('');
        expect(read(path)).toBe(expected);
      }
    },
  );

  it('keeps every row when there is no room to complete the columns', async () => {
    const path = inFolder('out.csv');
    const exporter = new CsvExporter();
    const target = new FileTarget(path, {}, openOnSmallDisk({ bytes: 14 }));
    await target.open(exporter);
    for (const item of [{ a: 1 }, { b: 2 }])
      await target.append(bytesOf(exporter.encode([item])), Buffer.alloc(0));
    await expect(target.close(exporter)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(read(path)).toBe('a\r\n1\r\n,2\r\n');
    expect(readdirSync(join(path, '..'))).toEqual(['out.csv']);
  });

  it.skipIf(process.getuid?.() === 0)('fails at the opening where nothing may be written', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o500);
    await expect(
      run({ path: join(folder, 'out.json'), exporter: new JsonExporter(), batches: [] }),
    ).rejects.toThrow();
  });
});
