import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileHandler } from '../../../src/downloader/file-handler.ts';
import { BodyTooLargeError } from '../../../src/errors/body-too-large-error.ts';
import { UnsupportedSchemeError } from '../../../src/errors/unsupported-scheme-error.ts';
import { Request } from '../../../src/values/request.ts';
import { unitFor } from '../../support/downloading.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'orbweaver-'));
  writeFileSync(join(folder, 'a page.html'), '<p>hi</p>');
});
afterAll(() => rmSync(folder, { recursive: true }));

const fetch = (url: string, { isAllowed = true, maxBodyBytes = 1_000 } = {}) => {
  const request = new Request(url);
  return new FileHandler(isAllowed).download(request, unitFor(request, { maxBodyBytes }));
};
const page = () => pathToFileURL(join(folder, 'a page.html')).href;

describe('FileHandler', () => {
  it('reads a file', async () => {
    const { status, body } = await fetch(page());
    expect([status, Buffer.from(body).toString()]).toEqual([200, '<p>hi</p>']);
  });

  it('answers 404 for a file that is not there', async () => {
    expect((await fetch(`${pathToFileURL(folder)}/none`)).status).toBe(404);
  });

  it('is off unless the operator allows it', async () => {
    await expect(fetch(page(), { isAllowed: false })).rejects.toThrow(UnsupportedSchemeError);
  });

  it.each(['file://site.test/etc/hosts', 'file:///dev/zero', 'file:///', 'file:///a%2Fb'])(
    'refuses %s',
    async (url) => {
      await expect(fetch(url)).rejects.toThrow(UnsupportedSchemeError);
    },
  );

  it('holds the body limit', async () => {
    await expect(fetch(page(), { maxBodyBytes: 8 })).rejects.toThrow(BodyTooLargeError);
  });
});
