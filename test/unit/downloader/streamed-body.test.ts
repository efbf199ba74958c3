import type { Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BodySink, BodyWriter } from '../../../src/contracts/body-sink.ts';
import type { Unit } from '../../../src/contracts/unit.ts';
import { Connection } from '../../../src/downloader/connection.ts';
import { Request } from '../../../src/values/request.ts';
import type { Response } from '../../../src/values/response.ts';
import { downloaderWith, unitFor } from '../../support/downloading.ts';
import { answerOf, type RawAnswer, rawServer } from '../../support/raw-server.ts';

/** Keeps what it is given, and how it ended. */
class Recorder implements BodySink {
  readonly chunks: Buffer[] = [];
  end = 'open';
  onEnd: () => Promise<void> | void = () => {};
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
        await this.onEnd();
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
  const downloader = downloaderWith({ silenceTimeoutMs: 2_000 });
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
});

describe('a sink that is behind', () => {
  let isHeld = false;
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise(setImmediate);
  };
  /** Promises that are settled one by one. */
  const gates: (() => void)[] = [];
  const gate = (): Promise<void> => new Promise((resolve) => gates.push(resolve));

  beforeEach(() => {
    gates.length = 0;
    isHeld = false;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { hold, release } = Connection.prototype;
    vi.spyOn(Connection.prototype, 'hold').mockImplementation(function (this: Connection) {
      isHeld = true;
      hold.call(this);
    });
    vi.spyOn(Connection.prototype, 'release').mockImplementation(function (this: Connection) {
      isHeld = false;
      release.call(this);
    });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  const BODY = Buffer.alloc(8_000_000, 'x');
  const answer = (socket: Socket): void => void socket.end(answerOf(BODY));

  it('lets the server wait, longer than the limits of the response, and survives its close', async () => {
    let server: Socket | undefined;
    const sink = new Recorder(() => (gates.length < 3 ? gate() : undefined));
    const downloading = download(
      (socket) => {
        server = socket;
        answer(socket);
      },
      sink,
      { timeoutMs: 10_000 },
    );
    for (let at = 0; at < 3; at += 1) {
      await until(() => isHeld && gates.length > at);
      expect(server?.writableLength).toBeGreaterThan(0);
      await vi.advanceTimersByTimeAsync(9_000);
      gates[at]?.();
    }
    await downloading;
    expect(Buffer.concat(sink.chunks).equals(BODY)).toBe(true);
  });

  it('leaves the limit in force for the time that the network takes', async () => {
    const silent: RawAnswer = (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n`);
      socket.write(BODY.subarray(0, BODY.length - 1));
    };
    const sink = new Recorder(() => (gates.length === 0 ? gate() : undefined));
    const downloading = download(silent, sink, { timeoutMs: 1_500 }).catch((error: unknown) => error);
    await until(() => isHeld);
    await vi.advanceTimersByTimeAsync(1_400);
    gates[0]?.();
    await until(() => sink.chunks.reduce((size, chunk) => size + chunk.length, 0) === BODY.length - 1);
    await vi.advanceTimersByTimeAsync(1_501);
    expect(await downloading).toMatchObject({ code: 'ERR_CRAWL_DOWNLOAD_TIMEOUT', phase: 'response' });
  });

  it('is no silence of the network where that has sent something that nobody had time to read', async () => {
    let more = (): void => {};
    const sink = new Recorder();
    const downloading = download((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf');
      more = () => socket.end('more');
    }, sink);
    await until(() => sink.text === 'half');
    await vi.advanceTimersByTimeAsync(1_999);
    more();
    vi.advanceTimersByTime(1);
    await downloading;
    expect(sink.text).toBe('halfmore');
  });

  it('fails the download when one call of it does not end, and is told when it comes back', async () => {
    const sink = new Recorder(gate);
    const downloading = download(answer, sink, { timeoutMs: 1_000 }).catch((error: unknown) => error);
    await until(() => isHeld && gates.length > 0);
    await vi.advanceTimersByTimeAsync(2_001);
    expect(await downloading).toMatchObject({ code: 'ERR_CRAWL_OUTPUT' });
    gates[0]?.();
    await until(() => sink.end === 'aborted');
  });

  it('can be given up while it ends', async () => {
    const controller = new AbortController();
    const sink = new Recorder();
    sink.onEnd = gate;
    const small: RawAnswer = (socket) => socket.end(answerOf('all of it'));
    const downloading = download(small, sink, { timeoutMs: 10_000, signal: controller.signal }).catch(
      (error: unknown) => error,
    );
    await until(() => gates.length > 0);
    controller.abort(new Error('enough'));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await downloading).toMatchObject({ code: 'ERR_CRAWL_DOWNLOAD_CANCELLED' });
    gates[0]?.();
    await until(() => sink.end === 'aborted');
  });

  it('does not hold up a failed download by what it removes', async () => {
    const sink = new Recorder(() => Promise.reject(new Error('the disk is full')));
    const begin = sink.begin.bind(sink);
    sink.begin = (head) => {
      const writer = begin(head);
      return writer && { ...writer, abort: gate };
    };
    const downloading = download(answer, sink).catch((error: unknown) => error);
    await until(() => gates.length > 0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await downloading).toMatchObject({ message: 'the disk is full' });
  });
});
