import { decodeText, sniffEncoding } from '../../src/markup/encoding.ts';
import { cases } from './load.ts';

interface Input {
  readonly bodyBase64: string;
  readonly contentType: string | null;
  readonly kind?: 'html' | 'xml' | 'text';
}

cases<Input>('encoding', ({ bodyBase64, ...options }) => {
  const body = Buffer.from(bodyBase64, 'base64');
  const encoding = sniffEncoding(body, options);
  return { encoding, text: decodeText(body, encoding) };
});
