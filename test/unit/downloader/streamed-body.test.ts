import type { Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BodySink, BodyWriter } from '../../../src/contracts/body-sink.ts';
import type { Unit } from '../../../src/contracts/unit.ts';
import { Request } from '../../../src/values/request.ts';
import type { Response } from '../../../src/values/response.ts';
import { downloaderWith, unitFor } from '../../support/downloading.ts';
import { answerOf, type RawAnswer, rawServer } from '../../support/raw-server.ts';

/** Keeps what it is given, and how it ended. */
class Recorder implements BodySink {
  readonly chunks: Buffer[] = [];
  end = 'open';
  readonly #onWrite: () => Promise<void> | void;

  constructor(onWrite: () => Promise<void> | void = () => {}) {
    this.#onWrite = onWrite;
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  begin({ status }: { readonly status: number }): BodyWriter | undefined {
    if (status !== 200) return undefined;
    return {
      write: (chunk) => {
        this.chunks.push(Buffer.from(chunk));
        return this.#onWrite();
      },
      end: async () => {
        this.end = 'ended';
      },
      abort: async () => {
        this.end = 'aborted';
      },
    };
  }
}

async function download(answer: RawAnswer, bodySink: BodySink, unit: Partial<Unit> = {}): Promise<Response> {
  const server = await rawServer(answer);
  const downloader = downloaderWith({ silenceTimeoutMs: 200 });
  onTestFinished(async () => {
    await downloader.close();
    await server.close();
  });
  const request = new Request(`${server.origin}/file`);
  return downloader.download(request, unitFor(request, { bodySink, ...unit }));
}

const coded = (body: Buffer, coding: string): RawAnswer => {
  return (socket) => socket.write(answerOf(body, { headers: { 'Content-Encoding': coding } }));
};

describe('a body that goes to a sink', () => {
  it('is not in the response, which says so', async () => {
    const sink = new Recorder();
    const response = await download((socket) => socket.write(answerOf('all of it')), sink);
    expect([response.body.length, response.flags]).toEqual([0, ['streamed']]);
    expect([sink.text, sink.end]).toEqual(['all of it', 'ended']);
  });

  it('comes as ever where the sink does not want it', async () => {
    const gone: RawAnswer = (socket) => socket.write(answerOf('gone', { status: '404 Not Found' }));
    const response = await download(gone, new Recorder());
    expect([response.text, response.flags]).toEqual(['gone', []]);
  });

  const text = 'the same text, many times. '.repeat(2000);
  it.each([
    ['gzip', gzipSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate', deflateRawSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['gzip', Buffer.from(text)],
    ['br', Buffer.from(text)],
  ])('is unpacked while it comes: %s', async (coding, body) => {
    const sink = new Recorder();
    const response = await download(coded(body, coding), sink);
    expect(sink.text).toBe(text);
    expect(response.headers.has('content-encoding')).toBe(false);
  });

  it('is refused where it unpacks to too much', async () => {
    const sink = new Recorder();
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    const failing = download(coded(bomb, 'gzip'), sink, { maxBodyBytes: 1_000_000 });
    await expect(failing).rejects.toMatchObject({ code: 'ERR_CRAWL_BODY_TOO_LARGE' });
    expect(sink.end).toBe('aborted');
    expect(Buffer.concat(sink.chunks).length).toBeLessThanOrEqual(1_000_000);
  });

  it('is refused where its packed data is cut', async () => {
    const sink = new Recorder();
    const failing = download(coded(gzipSync(text).subarray(0, 60), 'gzip'), sink);
    await expect(failing).rejects.toMatchObject({ code: 'ERR_CRAWL_DATA_LOSS' });
    expect(sink.end).toBe('aborted');
  });

  it('is taken back where the connection ends early', async () => {
    const sink = new Recorder();
    const cut: RawAnswer = (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    await expect(download(cut, sink)).rejects.toMatchObject({ code: 'ERR_CRAWL_DATA_LOSS' });
    expect(sink.end).toBe('aborted');
  });

  it('fails the download with what the writer failed with', async () => {
    const sink = new Recorder(() => Promise.reject(new Error('the disk is full')));
    await expect(download((socket) => socket.write(answerOf('x')), sink)).rejects.toThrow('disk is full');
    expect(sink.end).toBe('aborted');
  });

  it('is taken back when the unit is given up', async () => {
    const controller = new AbortController();
    const sink = new Recorder(() => controller.abort(new Error('enough')));
    const slow: RawAnswer = (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    const failing = download(slow, sink, { signal: controller.signal });
    await expect(failing).rejects.toMatchObject({ code: 'ERR_CRAWL_DOWNLOAD_CANCELLED' });
    expect(sink.end).toBe('aborted');
  });

  it('lets the server wait while the writer is behind, longer than a silence may last, and survives its close', async () => {
    const body = Buffer.alloc(8_000_000, 'x');
    let server: Socket | undefined;
    let unblock = (): void => {};
    const blocked = new Promise<void>((resolve) => {
      unblock = resolve;
    });
    const sink = new Recorder(() => blocked);
    const downloading = download((socket) => {
      server = socket;
      socket.end(answerOf(body));
    }, sink);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const waiting = server?.writableLength ?? 0;
    unblock();
    await downloading;
    expect(waiting).toBeGreaterThan(0);
    expect(Buffer.concat(sink.chunks).equals(body)).toBe(true);
  });
});
