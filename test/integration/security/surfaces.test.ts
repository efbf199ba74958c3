import { writeFileSync } from 'node:fs';
import { Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { processTerminal } from '../../../src/cli/terminal.ts';
import { Crawler, Request, Spider } from '../../../src/index.ts';
import { silentLogger } from '../../../src/testing/index.ts';
import { runSpider } from '../../parity/run-spider.ts';
import { site } from '../../parity/site.ts';
import { temporaryFolder } from '../../parity/temporary-folder.ts';
import { crawl } from '../../support/command-line.ts';

const ESCAPES = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202egpj.exe\r';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;

describe('what a page sends is shown, not obeyed', () => {
  it('in logs, errors, summary and items', async () => {
    const title = Buffer.from(ESCAPES).toString('latin1');
    const { url } = await site({
      '/': {
        body: `<title>${ESCAPES}</title><a href="/${ESCAPES}">x</a>`,
        headers: { 'X-Title': title.replaceAll(/[^\x80-\xff]/g, '') },
      },
      '/gone': { status: 410 },
    });
    const cwd = temporaryFolder();
    const spider = `import { Spider } from 'orbweaver';
export default class S extends Spider {
  startUrls = ['${url('/')}', '${url('/gone')}'];
  *parse(response) {
    const title = response.css('title::text').get();
    this.logger.warn('title ' + title, { title, [title]: 1, headers: response.headers });
    yield { title };
    yield* response.followAll('a', { meta: { title } });
    throw new Error('no price in ' + title);
  }
}`;
    writeFileSync(join(cwd, 'shop.mjs'), spider);
    for (const logFormat of ['text', 'json']) {
      const { stderr } = await crawl(['./shop.mjs', '-s', 'logLevel=debug', '-s', `logFormat=${logFormat}`], {
        cwd,
      });
      expect(stderr).toContain('owned');
      expect(stderr).not.toMatch(OBEYED);
    }
  });

  it('where commands and items are written to a screen', async () => {
    const written: string[] = [];
    const { stdout } = process;
    const { write, isTTY } = stdout;
    onTestFinished(() => void Object.assign(stdout, { write, isTTY }));
    const keep = (text: unknown, done: (error?: Error) => void): boolean => {
      written.push(Buffer.from(text as string).toString());
      done();
      return true;
    };
    Object.assign(stdout, { isTTY: true, write: keep });
    await processTerminal().write(Buffer.from(`page ${ESCAPES}\n`));
    class Titles extends Spider {
      override startUrls = ['data:,x'];
      override *parse() {
        yield { title: ESCAPES };
      }
    }
    const feeds = { '-': { format: 'csv' } };
    await new Crawler(Titles, { logger: silentLogger, settings: { feeds } }).run();
    Object.assign(stdout, { write, isTTY });
    expect(written.join('')).toMatch(/owned[\s\S]*owned/);
    expect(written.join('').replaceAll('\r\n', '\n')).not.toMatch(OBEYED);
  });
});

it('a crawl listens nowhere unless it is asked to, and then on loopback', async () => {
  const { url } = await site({ '/': 'page' });
  const listen = vi.spyOn(Server.prototype, 'listen');
  onTestFinished(() => listen.mockRestore());
  class Listening extends Spider {
    override startUrls = [url('/')];
    override parse() {}
  }
  const folder = temporaryFolder();
  await runSpider(Listening, {
    settings: { jobDir: join(folder, 'job'), httpCache: 'replay', httpCacheDir: join(folder, 'cache') },
  });
  expect(listen).not.toHaveBeenCalled();
  await runSpider(Listening, { settings: { controlFile: join(folder, 'control.json') } });
  expect(listen.mock.calls.map((words) => words.slice(0, 2))).toEqual([[0, '127.0.0.1']]);
});

describe('Request.fromCurl reads', () => {
  it.each([
    '-d @/etc/passwd',
    '--data-binary @/etc/passwd',
    '--data-urlencode x@/etc/passwd',
    '--json @/etc/passwd',
    '-F a=@/etc/passwd',
    "-F 'a=</etc/passwd'",
    '-H @/etc/passwd',
    '-b /etc/passwd',
    '-K /etc/passwd',
    '--config /etc/passwd',
    '-T /etc/passwd',
    '-n',
    '--netrc',
    '--netrc-file /etc/passwd',
    '--netrc-optional',
    '--variable %HOME',
    '--variable x@/etc/passwd',
    '-E /etc/passwd',
    '--proxy-header @/etc/passwd',
    '--url @/etc/passwd',
    '--url-query @/etc/passwd',
  ])('no file and no variable: %s', (option) => {
    expect(() => Request.fromCurl(`curl http://site.test/ ${option}`)).toThrow();
  });

  it.each([
    ['$HOME', '$HOME'],
    ['"$HOME"', '$HOME'],
    ['"$(id)"', '$(id)'],
    ['"`id`"', '`id`'],
    ['~', '~'],
    ["'{{HOME}}'", '{{HOME}}'],
    ['%HOME%', '%HOME%'],
  ])('nothing into %s', (written, body) => {
    const request = Request.fromCurl(`curl http://site.test/ --data-raw ${written}`);
    expect(Buffer.from(request.body ?? []).toString()).toBe(body);
  });
});
