import { decodeBody } from '../../src/downloader/content-decoding.ts';
import { cases } from './load.ts';

interface Coded {
  readonly bodyBase64: string;
  readonly contentEncoding: string | null;
}

cases<Coded, Coded>('content-encoding', async ({ bodyBase64, contentEncoding }) => {
  const wire = Buffer.from(bodyBase64, 'base64');
  const decoded = await decodeBody(wire, contentEncoding ?? undefined, {
    maxBytes: 32 * 1024 * 1024,
    failOnDataLoss: false,
  });
  return {
    bodyBase64: Buffer.from(decoded.body).toString('base64'),
    contentEncoding: decoded.contentEncoding ?? null,
  };
});
