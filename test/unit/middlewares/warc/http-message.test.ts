import { describe, expect, it } from 'vitest';
import { parseAnswer, parseQuestion } from '../../../../middlewares/warc/http-message.ts';

const answer = (text: string) => parseAnswer(Buffer.from(text, 'latin1'));
const bodyOf = (text: string): string | undefined => answer(text)?.body.toString();

describe('parseAnswer', () => {
  it('reads status, headers of any spelling and body', () => {
    const read = answer('HTTP/1.0 404 Not Found\nCONTENT-TYPE:text/html\n\nbody');
    expect([read?.status, read?.headers.get('content-type'), read?.body.toString()]).toEqual([
      404,
      'text/html',
      'body',
    ]);
  });

  it('joins chunks, with extensions and trailers', () => {
    expect(
      bodyOf(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\nabc\r\n02\r\nde\r\n0\r\nTrailer: 1\r\n\r\n',
      ),
    ).toBe('abcde');
  });

  it('says when chunks are cut', () => {
    const read = answer('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5\r\nd');
    expect([read?.body.toString(), read?.isCut]).toEqual(['abcd', true]);
  });

  it('takes a body whose chunks were joined by the archiver as it is', () => {
    expect(bodyOf('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<html>')).toBe('<html>');
  });

  it('gives back the headers that archiving changed', () => {
    const head =
      'HTTP/1.1 200 OK\r\nX-Archive-Orig-Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc';
    expect(answer(head)?.headers.toJSON()).toEqual({ 'transfer-encoding': 'chunked' });
  });

  it('refuses what is no answer', () => {
    expect(answer('GET / HTTP/1.1\r\n\r\n')).toBeUndefined();
    expect(answer('')).toBeUndefined();
  });
});

describe('parseQuestion', () => {
  it('reads method and body', () => {
    const read = parseQuestion(Buffer.from('post /x HTTP/1.1\r\nHost: a\r\n\r\nq=1'));
    expect([read?.method, read?.body.toString()]).toEqual(['POST', 'q=1']);
  });
});
