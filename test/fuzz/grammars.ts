import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { Grammar } from './mutate.ts';

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><base href="/b/"><title>A &amp; B</title>
<meta http-equiv="refresh" content="5; url=next.html"><link rel="canonical" href="//site.test/c"></head>
<body class="a b"><h1 id=top>Title</h1><nav><a href="../x?y=1&amp;z=2#f" rel="nofollow">One</a><a href='?p=2'>Two</a>
<a href="javascript:void(0)">no</a></nav><table><tr><td>1<td>2</table><b><i>x</b>y</i>
<form action="/s" method="post"><input name=q value="v"><select name=s><option selected>1<option>2</select>
<textarea name=t>
text</textarea><button name=go>go</button></form><svg><title>s</title><foreignObject><p>f</p></foreignObject></svg>
<template><p>t</p></template><script>var a = "</scr" + "ipt>";</script><!-- c --><![CDATA[ d ]]>
<img srcset="a.png 1x, b.png 2x" src=c.png alt="x"><p>End &lt; &notit; &#x1F600; &#0; &copy</p></body></html>`;

export const HTML: Grammar = {
  samples: [
    PAGE,
    '<div><p>text</p></div>',
    '<ul><li>a<li>b<ul><li>c</ul></ul>',
    '<frameset><frame src=a></frameset>',
    '<table><caption><a><table><td><a><tr></table>x',
    '\ufeff<p>\u0000\ud83d\ude00</p>',
  ],
  words: [
    ...[
      '<',
      '>',
      '</',
      '/>',
      '<!--',
      '-->',
      '<!',
      '<?',
      ']]>',
      '<![CDATA[',
      '="',
      "='",
      '&',
      '&#',
      '&#x',
      ';',
    ],
    ...['<div>', '</div>', '<p>', '<b>', '</b>', '<i>', '</i>', '<a href=', '<table>', '<td>', '</table>'],
    ...[
      '<select>',
      '<option>',
      '<svg>',
      '<math>',
      '<mi>',
      '<template>',
      '</template>',
      '<script>',
      '</script>',
    ],
    ...['<style>', '<title>', '</title>', '<textarea>', '<plaintext>', '<base href="', '<form>', '<button>'],
    ...[
      '<font color=red>',
      '<nobr>',
      '<frameset>',
      '<body>',
      '</body>',
      '<html x=y>',
      ' a=b',
      ' a',
      '\0',
      '\ufffd',
    ],
    ...[
      '<meta charset=utf-16>',
      '<meta http-equiv=refresh content="0;url=',
      '<foreignObject>',
      '<annotation-xml>',
    ],
  ],
};

export const XML: Grammar = {
  samples: [
    `<?xml version="1.0" encoding="utf-8"?><!DOCTYPE r [<!ENTITY e "x"><!ELEMENT r ANY>]><r xmlns:g="urn:g" a="1">
<item g:id="1">one &amp; two</item><item><![CDATA[<raw>]]></item><g:item/><!-- c --><?pi x?></r>`,
    `<rss version="2.0"><channel><title>T</title><item><title>a</title><link>http://site.test/1</link></item></channel></rss>`,
    '<a><a><item>x</item></a></a>',
  ],
  words: [
    ...[
      '<',
      '>',
      '</',
      '/>',
      '<item>',
      '</item>',
      '<a>',
      '</a>',
      '<!DOCTYPE x [',
      ']>',
      '<!ENTITY a "',
      '&a;',
      '&amp;',
    ],
    ...[
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '<?',
      '?>',
      ' xmlns="',
      ' xmlns:g="urn:x"',
      '<g:item',
      '"',
      "'",
      '\0',
    ],
  ],
};

export const SITEMAP: Grammar = {
  samples: [
    `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://site.test/1</loc>
<lastmod>2026-01-02T03:04:05+01:00</lastmod><changefreq>daily</changefreq><priority>0.8</priority>
<xhtml:link rel="alternate" hreflang="de" href="http://site.test/de"/></url><url><loc> /2 </loc></url></urlset>`,
    '<sitemapindex><sitemap><loc>http://site.test/s.xml.gz</loc></sitemap></sitemapindex>',
    'http://site.test/a\nhttp://site.test/b\r\n\n',
  ],
  words: [
    ...XML.words,
    '<urlset>',
    '<url>',
    '<loc>',
    '</loc>',
    '</url>',
    '<lastmod>',
    '<sitemapindex>',
    '<sitemap>',
  ],
};

export const ROBOTS: Grammar = {
  samples: [
    'User-agent: *\nDisallow: /private\nAllow: /private/ok$\nCrawl-delay: 2.5\nRequest-rate: 1/10s\nSitemap: /s.xml\n',
    '\ufeffuser-agent: orbweaver\ruser-agent: other\rdisallow: /*.php$\r\n# comment\nVisit-time: 0600-0845',
    'Disallow: /\nUser-agent:\nDisallow:',
  ],
  words: [
    ...[
      'User-agent:',
      'Disallow:',
      'Allow:',
      'Sitemap:',
      'Crawl-delay:',
      'Request-rate:',
      '*',
      '$',
      '/',
      '%2F',
      '%',
    ],
    ...['\n', '\r', '\r\n', ':', '#', ' ', '\t', '/*', '*/*', '.php$', '1e308', '-1', '\0', '\ufeff'],
  ],
};

export const CSV: Grammar = {
  samples: ['a,b,c\r\n1,"2,3","say ""x"""\r\n4,,6\r\n', 'a;b\n1;2\n', '"a\nb",c\n1,2', 'x\ty\n1\t2\n'],
  words: [
    '"',
    '""',
    ',',
    ';',
    '\t',
    '\n',
    '\r',
    '\r\n',
    '__proto__',
    'constructor',
    '\0',
    '\ufeff',
    "'",
    '\\',
  ],
};

export const JSON_TEXT: Grammar = {
  samples: [
    '{"a":[1,2.5e3,-0],"b":{"c":"\\u00e9\\ud83d\\ude00","__proto__":{"polluted":1}},"d":null,"e":true}',
    '[{"id":1},{"id":2}]',
    '"text"',
  ],
  words: [
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '\\u',
    '\\',
    '1e999',
    '-',
    'null',
    '"__proto__":',
    '"constructor":',
    '[[[',
  ],
};

export const COOKIE: Grammar = {
  samples: [
    'sid=abc123; Path=/; Domain=site.test; Expires=Wed, 21 Oct 2037 07:28:00 GMT; Max-Age=3600; Secure; HttpOnly; SameSite=Lax',
    '__Host-a=b; Secure; Path=/',
    'a="quoted; value"; expires=Thursday, 01-Jan-70 00:00:00 GMT',
    '=x',
  ],
  words: [
    ...[
      ';',
      '=',
      ' ',
      '"',
      'Domain=',
      'Path=',
      'Expires=',
      'Max-Age=',
      'Secure',
      '.',
      'co.uk',
      '__Host-',
      '__Secure-',
    ],
    ...[
      '-1',
      '99999999999999999999',
      '\0',
      '\r\n',
      '\u00fc',
      'SameSite=None',
      'Partitioned',
      'Wed, 99 Foo 9999',
    ],
  ],
};

export const URLS: Grammar = {
  samples: [
    'http://user:pa%73s@Sub.Site.test:8080/a/./b/../c;p?q=1&r=%C3%A9#frag',
    '//site.test/x',
    '../a?b',
    'http://[::ffff:127.0.0.1]/',
    'http://0x7f.1/',
    'https://xn--mnchen-3ya.test/ü?ü',
    'mailto:a@b',
    'data:text/html;base64,PGI+',
    'javascript:alert(1)',
  ],
  words: [
    ...[
      'http://',
      'https://',
      '//',
      '/',
      '\\',
      '?',
      '#',
      '@',
      ':',
      '%',
      '%2e',
      '%00',
      '..',
      '.',
      '[',
      ']',
      '&',
      '=',
      ';',
    ],
    ...[
      'xn--',
      '\u202e',
      '\t',
      '\n',
      ' ',
      '127.0.0.1',
      '0177.0.0.1',
      '2130706433',
      'localhost',
      ':99999',
      'ü',
      '\u3002',
    ],
  ],
};

export const CURL: Grammar = {
  samples: [
    `curl 'http://site.test/a' -X POST -H 'Content-Type: application/json' -b 'a=b' --data-raw '{"x":1}' --compressed`,
    `curl "http://site.test/?q=$HOME" ^\n -H ^"A: b^" --data-urlencode x=y -G -u me:secret -k -L`,
    `curl $'http://site.test/\\u00e9' -F 'f=@/etc/passwd' -d @file --proxy http://p:1`,
  ],
  words: [
    "'",
    '"',
    '\\',
    '^',
    '$',
    "$'",
    '`',
    '-H ',
    '-d ',
    '@',
    '--data-raw ',
    '-F ',
    '-X ',
    '\n',
    ' ',
    '\\u',
    '\\x',
    '%',
  ],
};

export const HEADERS: Grammar = {
  samples: [
    'max-age=60, no-cache="set-cookie", private, s-maxage=0',
    'Sun, 06 Nov 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 GMT',
    '120',
    'text/html; charset="utf-8"; boundary=x',
    '<http://site.test/2>; rel="next", </3>; rel=prev',
    'gzip, br, deflate',
    'attachment; filename*=UTF-8\'\'%e2%82%ac.txt; filename="a.txt"',
  ],
  words: [
    ',',
    ';',
    '=',
    '"',
    '\\',
    'max-age=',
    'no-store',
    'charset=',
    '-1',
    '1e9',
    '9'.repeat(30),
    '\0',
    'gzip',
    '%',
    ' ',
  ],
};

const packed = Buffer.from(PAGE.repeat(3));
export const CODINGS: Grammar = {
  samples: [
    gzipSync(packed),
    brotliCompressSync(packed),
    deflateSync(packed),
    deflateRawSync(packed),
    gzipSync(gzipSync(packed)),
    packed,
  ],
  words: ['\u001f\u008b', '\0\0\0\0', 'x', '\u00ff\u00ff', '\u0003\0'],
};

export const WARC: Grammar = {
  samples: [
    'WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: http://site.test/\r\n' +
      'WARC-Date: 2026-01-02T03:04:05Z\r\nContent-Type: application/http;msgtype=response\r\nContent-Length: 62\r\n\r\n' +
      'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n\r\n',
    'WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n',
  ],
  words: [
    'WARC/1.1\r\n',
    'Content-Length: ',
    '\r\n',
    '\r\n\r\n',
    ':',
    '99999999999',
    '-1',
    'WARC-Type: ',
    'revisit',
    ' ',
    '\n',
    '\0',
  ],
};

/** Bodies of answers, for whole crawls. */
export const BODIES: Grammar = {
  samples: [PAGE, ...XML.samples, ...JSON_TEXT.samples, ...CSV.samples],
  words: HTML.words,
};
