import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { ControlServer } from '../../../../src/crawler/watch/control-server.ts';

async function control() {
  const folder = mkdtempSync(join(tmpdir(), 'orbweaver-control-'));
  const file = join(folder, 'control.json');
  const calls: unknown[] = [];
  const server = await ControlServer.open(file, {
    status: () => ({ pages: 3 }),
    stop: (reason) => calls.push(['stop', reason]),
    pause: () => calls.push(['pause']),
    resume: () => calls.push(['resume']),
    setHostLimits: (host, limits) => calls.push(['limits', host, limits]),
  });
  onTestFinished(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  const { url, token } = JSON.parse(readFileSync(file, 'utf8'));
  const ask = async (path: string, method = 'GET', body?: string) => {
    const answer = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body }),
    });
    return { status: answer.status, body: await answer.json() };
  };
  return { server, folder, file, url, token, calls, ask };
}

it('names address and token in a file of the owner, as long as it listens', async () => {
  const { server, folder, file, url, token } = await control();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(token.length).toBeGreaterThan(40);
  await server.close();
  expect(readdirSync(folder)).toEqual([]);
  await expect(fetch(url)).rejects.toThrow();
});

const noCrawl = { status: () => ({}), stop() {}, pause() {}, resume() {}, setHostLimits() {} };

it('leaves the file of a crawl that runs to it', async () => {
  const { file, token } = await control();
  await expect(ControlServer.open(file, noCrawl)).rejects.toThrow(
    `controlFile: ${file} is that of a crawl that runs (process ${process.pid}); name another file`,
  );
  expect(JSON.parse(readFileSync(file, 'utf8')).token).toBe(token);
});

it.each([
  ['a crawl that was killed', '{"url": "http://127.0.0.1:1", "token": "t", "pid": 1}'],
  ['something else', '[]'],
  ['half a line', '{"url": "http'],
  ['another machine', '{"url": "http://site.test", "token": "t", "pid": 1}'],
])('takes over the file of %s', async (_what, text) => {
  const { server, file, token } = await control();
  await server.close();
  writeFileSync(file, text);
  const second = await ControlServer.open(file, noCrawl);
  expect(JSON.parse(readFileSync(file, 'utf8')).token).not.toBe(token);
  await second.close();
  expect(existsSync(file)).toBe(false);
});

it('does not take away what another put there', async () => {
  const { server, file } = await control();
  writeFileSync(file, '{"url": "http://127.0.0.1:1", "token": "t", "pid": 1}');
  await server.close();
  expect(existsSync(file)).toBe(true);
});

it('answers and does what it is told', async () => {
  const { ask, calls } = await control();
  expect(await ask('/status')).toEqual({ status: 200, body: { pages: 3, isPaused: false } });
  expect(await ask('/pause', 'POST')).toMatchObject({ body: { isPaused: true } });
  expect(await ask('/resume', 'POST')).toMatchObject({ body: { isPaused: false } });
  await ask('/limits', 'POST', '{"site.test": {"delayMs": 5000}}');
  await ask('/stop', 'POST');
  expect(calls).toEqual([
    ['pause'],
    ['resume'],
    ['limits', 'site.test', { delayMs: 5000 }],
    ['stop', 'shutdown'],
  ]);
});

it('refuses what it does not know', async () => {
  const { ask, calls } = await control();
  expect(await ask('/execute', 'POST', '1 + 1')).toMatchObject({ status: 404 });
  expect(await ask('/stop')).toMatchObject({ status: 404 });
  expect(await ask('/limits', 'POST', '{')).toMatchObject({ status: 400 });
  expect(await ask('/limits', 'POST', '{"site.test": {"delay": 5}}')).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining('hostLimits') },
  });
  expect(await ask('/limits', 'POST', ' '.repeat(70_000))).toMatchObject({ status: 400 });
  expect(calls).toEqual([]);
});

it('refuses whoever lacks the token, and web pages', async () => {
  const { url, token, calls } = await control();
  const authorization = `Bearer ${token}`;
  const status = (headers: IncomingHttpHeaders) =>
    new Promise<number | undefined>((resolve, reject) => {
      get(`${url}/status`, { headers }, (answer) => {
        void text(answer).then(() => resolve(answer.statusCode));
      }).on('error', reject);
    });
  expect(await status({ authorization })).toBe(200);
  expect(await status({})).toBe(401);
  expect(await status({ authorization: 'Bearer other' })).toBe(401);
  expect(await status({ authorization, origin: url })).toBe(403);
  expect(await status({ authorization, host: 'site.test' })).toBe(403);
  expect(calls).toEqual([]);
});

it('says so where the file cannot be written', async () => {
  const crawl = { status: () => ({}), stop() {}, pause() {}, resume() {}, setHostLimits() {} };
  await expect(ControlServer.open('/no/such/folder/control.json', crawl)).rejects.toThrow(
    /controlFile: cannot write .*name a file in a folder/,
  );
});
