import { describe, expect, it } from 'vitest';
import { parseCurl } from '../../../../src/values/curl/parse-curl.ts';

const bodyOf = (command: string): string => Buffer.from(parseCurl(command).body ?? []).toString();
const headersOf = (command: string): Record<string, string | null> =>
  Object.fromEntries(parseCurl(command).headers);

describe('parseCurl', () => {
  it('reads what Chrome copies for bash', () => {
    const command = `curl 'https://site.test/api?x=\\[1\\]' \\
  -H 'accept: */*' \\
  -b 'sid=a=b; lang=en' \\
  --data-raw $'{"q":"it\\'s \\u0021"}' \\
  --compressed --insecure`;
    expect(parseCurl(command)).toMatchObject({
      method: 'POST',
      url: 'https://site.test/api?x=[1]',
      headers: [['accept', '*/*']],
      cookies: { sid: 'a=b', lang: 'en' },
      body: Buffer.from('{"q":"it\'s !"}'),
      impliedContentType: 'application/x-www-form-urlencoded',
    });
  });

  it('reads what Chrome copies for the Windows command line', () => {
    const command =
      'curl ^"https://site.test/?a=1^&b=%^41^" ^\r\n  -H ^"accept: text/html^" ^\r\n  --data-raw ^"^{^\\^"q^\\^":^\\^"x y^\\^"^}^\r\n\r\nz^"';
    expect(parseCurl(command)).toMatchObject({
      url: 'https://site.test/?a=1&b=%41',
      headers: [['accept', 'text/html']],
      body: Buffer.from('{"q":"x y"}\nz'),
    });
  });

  it('reads joined options, values joined to their letter and to an equals sign', () => {
    const command = 'curl -sSLXPUT -dx=1 --data=y=2 -H"A: 1" site.test/p';
    expect(parseCurl(command)).toMatchObject({
      method: 'PUT',
      url: 'http://site.test/p',
      headers: [['A', '1']],
    });
    expect(bodyOf(command)).toBe('x=1&y=2');
  });

  it('encodes data that asks for it', () => {
    const data = "--data-urlencode 'a=é &' --data-urlencode '=b=c' --data-urlencode 'd e'";
    expect(bodyOf(`curl site.test ${data}`)).toBe('a=%C3%A9+%26&b%3Dc&d+e');
  });

  it('puts data into the query with -G, and asks for the head with -I', () => {
    const request = parseCurl("curl -G 'http://site.test/s?a=1#x' -d b=2 -d c=3");
    expect([request.method, request.url, request.body]).toEqual([
      'GET',
      'http://site.test/s?a=1&b=2&c=3#x',
      undefined,
    ]);
    expect(parseCurl('curl -I site.test').method).toBe('HEAD');
  });

  it('knows the headers that options stand for, which -H beats', () => {
    expect(headersOf('curl site.test -u me:pa:ss -A agent -e http://from.test/ -r 0-9')).toEqual({
      Authorization: 'Basic bWU6cGE6c3M=',
      'User-Agent': 'agent',
      Referer: 'http://from.test/',
      Range: 'bytes=0-9',
    });
    expect(headersOf("curl site.test -A agent -H 'user-agent: mine'")).toEqual({ 'user-agent': 'mine' });
    expect(headersOf("curl site.test --json '{}' -H 'accept: x'")).toEqual({
      accept: 'x',
      'Content-Type': 'application/json',
    });
  });

  it('tells a header not to be sent from an empty one', () => {
    expect(headersOf("curl site.test -H 'Accept:' -H 'X-Empty;' -A ''")).toEqual({
      Accept: null,
      'X-Empty': '',
      'User-Agent': null,
    });
  });

  it('takes cookies of both kinds, whatever their names', () => {
    const { cookies } = parseCurl('curl site.test -b __proto__=1 -H \'Cookie: b=2; a="x"\'');
    expect(Object.entries(cookies ?? {})).toEqual([
      ['__proto__', '1'],
      ['b', '2'],
      ['a', '"x"'],
    ]);
  });

  it('writes forms of many parts', () => {
    expect(bodyOf("curl site.test -F 'a=1;2' --form-string b=@c")).toMatch(
      /name="a"\r\n\r\n1;2\r\n[\s\S]*name="b"\r\n\r\n@c\r\n/,
    );
    expect(parseCurl('curl site.test -F a=1').impliedContentType).toContain('multipart/form-data; boundary=');
  });

  it('keeps bodies that are no text', () => {
    expect([...(parseCurl("curl site.test --data-binary $'\\xff\\x01'").body ?? [])]).toEqual([255, 1]);
  });

  it('takes the proxy and the time limit', () => {
    expect(parseCurl('curl site.test -x proxy.test:8080 -m 1.5')).toMatchObject({
      proxy: 'http://proxy.test:8080',
      timeoutMs: 1500,
    });
  });

  it('never reads a file', () => {
    const reading = [
      '-d @/etc/passwd',
      '--data-binary @x',
      '--json @x',
      '--data-urlencode a@x',
      '-F a=@x',
      "-F 'a=<x'",
      '-b jar.txt',
      '-H @x',
      '-K x',
      '-T x',
      '-n',
    ];
    for (const option of reading) {
      for (const ignoreUnknown of [false, true]) {
        expect(() => parseCurl(`curl site.test ${option}`, { ignoreUnknown }), option).toThrow(/read/);
      }
    }
    expect(bodyOf('curl site.test --data-raw @x')).toBe('@x');
  });

  it('names options that it does not know, or leaves them out', () => {
    const command = 'curl --cert x.pem --nonsense 5 -W http://site.test/ -s';
    expect(() => parseCurl(command)).toThrow(
      expect.objectContaining({ unknownOptions: ['--cert', '--nonsense', '-W'] }),
    );
    expect(parseCurl(command, { ignoreUnknown: true }).url).toBe('http://site.test/');
  });

  it('refuses what is no command for one page', () => {
    const bad: [string, RegExp][] = [
      ['', /begin with curl/],
      ['wget http://site.test/', /begin with curl/],
      ['curl -s', /names no URL/],
      ['curl site.test other.test', /2 URLs/],
      ['curl file:///etc/passwd', /no http/],
      ['curl ftp://site.test/', /no http/],
      ["curl site.test -H 'nonsense'", /no header/],
      ['curl site.test -X', /needs a value/],
      ['curl site.test -u me', /no password/],
      ['curl site.test -d a -F b=c', /one body/],
    ];
    for (const [command, why] of bad) expect(() => parseCurl(command), command).toThrow(why);
  });

  it('may be told whose quotes it has', () => {
    expect(bodyOf('curl site.test -d "a^b"')).toBe('a^b');
    expect(() => parseCurl("curl site.test -d 'a b'", { shell: 'cmd' })).toThrow(/2 URLs/);
    expect(() => parseCurl('curl ^"http://site.test/^"', { shell: 'bash' })).toThrow(/no http/);
  });
});
