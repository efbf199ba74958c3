import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { Request } from '../../../../src/values/request.ts';

const URL_ = 'http://site.test/x?a=1&b=[2]';

describe('Request.toCurl', () => {
  it('quotes what a shell would read otherwise', () => {
    const request = new Request("http://site.test/?it's=$x", { headers: { 'X-A': '`ls` "q" !' } });
    expect(request.toCurl()).toBe(`curl 'http://site.test/?it%27s=$x' -H 'X-A: \`ls\` "q" !'`);
  });

  it('says all that the request says', () => {
    const request = new Request(URL_, {
      method: 'PUT',
      headers: { 'X-None': null, 'X-Empty': '', 'X-Two': ['1', '2'] },
      cookies: { sid: 'a' },
      json: { a: 'é' },
      meta: { httpUser: 'u', httpPass: 'p', proxy: 'http://proxy.test:1' },
    });
    expect(request.toCurl()).toBe(
      "curl 'http://site.test/x?a=1&b=[2]' --globoff -X PUT -H X-None: -H 'X-Empty;' -H 'X-Two: 1' -H 'X-Two: 2' " +
        "-H 'Content-Type: application/json' -H 'Accept: application/json, text/javascript, */*; q=0.01' " +
        '-b sid=a -u u:p -x http://proxy.test:1 --data-raw \'{"a":"é"}\'',
    );
  });

  it('shows no control characters of a page', () => {
    const request = new Request('http://site.test/', { method: 'POST', body: '\x1b[2J\u0085' });
    expect(request.toCurl()).toContain("--data-raw $'\\x1b[2J\\xc2\\x85'");
  });

  const bodies = ['a=1&b=2', "it's\n\\n!", 'é€😀', new Uint8Array([1, 127, 128, 255, 39, 92, 33])];
  it('is read back as the same request', () => {
    for (const body of bodies) {
      const request = new Request(URL_, { method: 'PATCH', headers: { 'Content-Type': 'x/y' }, body });
      const { method, url, headers, body: read } = Request.fromCurl(request.toCurl());
      expect([method, url, headers.toJSON(), read]).toEqual([
        'PATCH',
        URL_,
        request.headers.toJSON(),
        Buffer.from(body as string),
      ]);
    }
  });

  const hasBash = spawnSync('bash', ['--version']).status === 0;
  it.skipIf(!hasBash)('gives a shell the bytes of the body, zero bytes too', () => {
    for (const body of [...bodies, new Uint8Array([0, 37, 92, 48, 255, 0])]) {
      const command = new Request('http://site.test/', { method: 'POST', body }).toCurl();
      const fake = 'curl() { case "$*" in *@-) cat;; *) shift $(($# - 1)); printf %s "$1";; esac; }';
      const { stdout } = spawnSync('bash', ['-c', `${fake}\n${command}`]);
      expect(stdout).toEqual(Buffer.from(body as string));
    }
  });
});

describe('Request.fromCurl', () => {
  it('makes a request, with options of its own before those of the command', () => {
    const command = "curl -X POST site.test -H 'A: 1' -d x=1 -x proxy.test -u u:p";
    const request = Request.fromCurl(command, { callback: 'parseIt', method: 'PUT', meta: { mine: 1 } });
    expect(request).toMatchObject({
      method: 'PUT',
      url: 'http://site.test/',
      callback: 'parseIt',
      meta: { proxy: 'http://proxy.test', mine: 1 },
      body: Buffer.from('x=1'),
    });
    expect(request.headers.toJSON()).toEqual({
      a: '1',
      authorization: 'Basic dTpw',
      'content-type': 'application/x-www-form-urlencoded',
    });
  });

  it('leaves the content codings to the downloader', () => {
    const request = Request.fromCurl("curl site.test -H 'Accept-Encoding: gzip, zstd' --compressed");
    expect(request.headers.has('accept-encoding')).toBe(false);
  });
});
