import { encodeText } from '../../src/markup/encoding.ts';
import type { ButtonChoice } from '../../src/values/form-choice.ts';
import type { FormRequestOptions } from '../../src/values/form-request.ts';
import { Response } from '../../src/values/response.ts';
import { cases } from './load.ts';

interface Options extends Omit<FormRequestOptions, 'click'> {
  readonly click?: ButtonChoice;
  readonly noClick?: boolean;
}

interface Input {
  readonly html: string;
  readonly url: string;
  readonly encoding?: string;
  readonly options: Options;
}

// The area's default for the number is 0, also where a name finds nothing; ours then is an error.
cases<Input>('forms', ({ html, url, encoding = 'utf-8', options: { noClick, ...options } }) => {
  const headers = { 'content-type': 'text/html' };
  const response = new Response(url, { headers, body: encodeText(html, encoding), encoding });
  const given = { formNumber: 0, ...options, ...(noClick === true && { click: false as const }) };
  try {
    const { method, url: address, body = new Uint8Array(), headers: sent } = response.submitForm(given);
    const contentType = body.length > 0 ? sent.get('content-type') : undefined;
    return {
      method,
      url: address,
      body: Buffer.from(body).toString('latin1'),
      ...(contentType !== undefined && { contentType }),
    };
  } catch {
    return { error: true };
  }
});
