import { cookies } from '../../middlewares/index.ts';
import { Request } from '../../src/values/request.ts';
import { Response } from '../../src/values/response.ts';
import { contextWith, made, unitOf } from '../unit/middlewares/component-context.ts';
import { cases } from './load.ts';

type Step =
  | {
      readonly answer: { readonly url: string; readonly setCookie: readonly string[]; readonly jar?: string };
    }
  | {
      readonly request: {
        readonly url: string;
        readonly cookies?: Readonly<Record<string, string>>;
        readonly header?: string;
        readonly jar?: string;
      };
    };

cases<{ readonly steps: readonly Step[] }>('cookies', async ({ steps }) => {
  const jars = await made(cookies(), contextWith());
  const sent: string[][] = [];
  for (const step of steps) {
    const { url, jar, ...given } = 'answer' in step ? step.answer : step.request;
    const { header, cookies: own } = 'request' in step ? step.request : {};
    const request = new Request(url, {
      ...(jar !== undefined && { meta: { cookieJar: jar } }),
      ...(own !== undefined && { cookies: own }),
      ...(header !== undefined && { headers: { Cookie: header } }),
    });
    const unit = unitOf(request);
    if ('setCookie' in given) {
      await jars.processResponse?.(
        new Response(url, { headers: { 'Set-Cookie': given.setCookie }, request }),
        unit,
      );
    } else {
      await jars.processRequest?.(request, unit);
      sent.push((unit.headers.get('cookie')?.split('; ') ?? []).sort());
    }
  }
  return sent;
});
