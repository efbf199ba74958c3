import { responseKind } from '../../src/markup/response-kind.ts';
import { cases } from './load.ts';

interface Input {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly bodyBase64?: string;
}

cases<Input>('response-kind', ({ url, headers, body, bodyBase64 }) =>
  responseKind({
    url,
    headers: new Headers(headers),
    body: bodyBase64 === undefined ? Buffer.from(body ?? '') : Buffer.from(bodyBase64, 'base64'),
  }),
);
