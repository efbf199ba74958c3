import { expect, it } from 'vitest';
import { SchemeDownloader } from '../../../src/downloader/scheme-downloader.ts';
import { UnsupportedSchemeError } from '../../../src/errors/unsupported-scheme-error.ts';
import { Request } from '../../../src/values/request.ts';
import { Response } from '../../../src/values/response.ts';
import { downloaderWith, unitFor } from '../../support/downloading.ts';

const handler = (name: string, ...schemes: string[]) => ({
  schemes,
  download: async ({ url }: Request) => new Response(url, { flags: [name] }),
});

it('hands a request to the first handler of its scheme', async () => {
  const downloader = new SchemeDownloader([handler('mine', 'x', 'y'), handler('other', 'y', 'z')]);
  const flags = async (url: string) => {
    const request = new Request(url);
    return (await downloader.download(request, unitFor(request))).flags;
  };
  expect(await flags('y:1')).toEqual(['mine']);
  expect(await flags('z:1')).toEqual(['other']);
});

it('refuses a scheme that nobody takes', async () => {
  const request = new Request('ftp://a.test/');
  await expect(downloaderWith().download(request, unitFor(request))).rejects.toThrow(UnsupportedSchemeError);
});

it('closes every handler, also behind one that fails', async () => {
  const closed: string[] = [];
  const closing = (name: string, isBroken: boolean) => ({
    ...handler(name, name),
    async close() {
      closed.push(name);
      if (isBroken) throw new Error(`${name} does not close`);
    },
  });
  const downloader = new SchemeDownloader([closing('a', true), closing('b', false)]);
  await expect(downloader.close()).rejects.toThrow('a does not close');
  expect(closed).toEqual(['a', 'b']);
});
